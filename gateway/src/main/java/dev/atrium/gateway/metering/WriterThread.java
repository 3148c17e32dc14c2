package dev.atrium.gateway.metering;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** The journal's own thread: round after round, with a pause when nothing is to be done. */
final class WriterThread {
    private static final long LONGEST_END_MILLIS = 5_000;

    private final Runnable round;
    private final LongSupplier pauseNanos;
    private final Runnable end;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean idle;

    /**
     * @param pauseNanos how long nothing is to be done unless somebody wakes the thread; 0 where
     *     there is something
     * @param end the last that is done
     */
    WriterThread(Runnable round, LongSupplier pauseNanos, Runnable end) {
        this.round = round;
        this.pauseNanos = pauseNanos;
        this.end = end;
        this.thread = Thread.ofPlatform().name("atrium-journal").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Ends the pause; says nothing to a thread that looks by itself before the next. */
    void wake() {
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    /** Returns when all is done, or after a while. */
    void stop() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(LONGEST_END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopping) {
            round.run();
            pause();
        }
        end.run();
    }

    private void pause() {
        idle = true;
        // Asked after raising the flag, or a wake-up in between would be lost.
        long nanos = pauseNanos.getAsLong();
        if (nanos > 0 && !stopping) {
            LockSupport.parkNanos(this, nanos);
        }
        idle = false;
    }
}
