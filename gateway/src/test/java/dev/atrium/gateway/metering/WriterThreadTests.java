package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When the journal's thread does something, and that no call to it is lost. */
class WriterThreadTests {
    private static final Duration FOR_EVER = Duration.ofHours(1);

    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    private final BlockingQueue<Duration> pauses = new LinkedBlockingQueue<>();
    private final Semaphore deciding = new Semaphore(0);
    private final Semaphore rounds = new Semaphore(0);
    private Runnable whileDeciding = () -> {};
    private final WriterThread thread =
            new WriterThread(
                    () -> {
                        done.add("round");
                        rounds.acquireUninterruptibly();
                    },
                    this::pauseNanos,
                    () -> done.add("end"));

    /** As long as the test says; for ever when it says nothing more. */
    private long pauseNanos() {
        Duration pause = pauses.poll();
        whileDeciding.run();
        deciding.release();
        return (pause == null ? FOR_EVER : pause).toNanos();
    }

    @AfterEach
    void stop() {
        rounds.release(1_000);
        thread.stop();
    }

    @Test
    void goesOnWhileThereIsSomethingToDo() throws InterruptedException {
        pauses.add(Duration.ZERO);
        pauses.add(Duration.ZERO);
        rounds.release(3);

        thread.start();

        assertThat(next()).isEqualTo("round");
        assertThat(next()).isEqualTo("round");
        assertThat(next()).isEqualTo("round");
        assertThat(done.poll(50, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void pausesUntilItIsWoken() throws InterruptedException {
        rounds.release(2);
        thread.start();
        awaitPause();
        done.clear();

        thread.wake();

        assertThat(next()).isEqualTo("round");
        assertThat(done.poll(50, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void pausesNoLongerThanItIsTold() throws InterruptedException {
        pauses.add(Duration.ofMillis(20));
        rounds.release(2);

        thread.start();

        assertThat(next()).isEqualTo("round");
        assertThat(next()).isEqualTo("round");
    }

    @Test
    void doesNotMissACallThatComesWhileItDecidesHowLongToPause() throws InterruptedException {
        Semaphore once = new Semaphore(1);
        whileDeciding =
                () -> {
                    if (once.tryAcquire()) {
                        thread.wake();
                    }
                };
        rounds.release(2);

        thread.start();

        assertThat(next()).isEqualTo("round");
        assertThat(next()).isEqualTo("round");
    }

    @Test
    void keepsNoCallForLaterThatCameDuringARound() throws InterruptedException {
        thread.start();
        assertThat(next()).isEqualTo("round");

        thread.wake();
        rounds.release(2);
        awaitPause();

        assertThat(done.poll(50, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void endsAPauseWhenItIsToStopAndDoesTheLast() throws InterruptedException {
        rounds.release(1);
        thread.start();
        awaitPause();

        thread.stop();

        assertThat(done).containsExactly("round", "end");
    }

    @Test
    void endsARoundBeforeItStops() throws InterruptedException {
        thread.start();
        assertThat(next()).isEqualTo("round");
        Thread stopping = Thread.ofVirtual().start(thread::stop);
        while (stopping.isAlive() && stopping.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        boolean early = done.contains("end");

        rounds.release(1);
        boolean stopped = stopping.join(Duration.ofSeconds(30));

        assertThat(early).isFalse();
        assertThat(stopped).isTrue();
        assertThat(done).containsExactly("end");
    }

    @Test
    void leavesAnInterruptToItsCallerWhenItStops() throws InterruptedException {
        thread.start();
        assertThat(next()).isEqualTo("round");

        Thread.currentThread().interrupt();
        thread.stop();

        assertThat(Thread.interrupted()).isTrue();
    }

    private String next() throws InterruptedException {
        return done.poll(30, TimeUnit.SECONDS);
    }

    private void awaitPause() throws InterruptedException {
        assertThat(deciding.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    }
}
