package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.api.usage.OpenCall;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a journal says of itself, and on which thread. */
class JournalStandingIT {
    private static final int PER_SEGMENT = 4;

    @TempDir private Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private Journal journal;

    private Journal journal() {
        journal =
                new Journal(
                        JournalFiles.settings(folder.resolve("journal"), PER_SEGMENT, 1_000),
                        nanos::get);
        return journal;
    }

    @AfterEach
    void stop() {
        journal.stop();
    }

    @Test
    void takesNothingAndSaysNothingUntilItIsStarted() {
        Journal closed = journal();

        assertThat(closed.isRunning()).isFalse();
        assertThat(closed.isOpen()).isFalse();
        assertThat(closed.waitingEnds()).isZero();
        assertThat(closed.openCalls()).isZero();
        assertThat(closed.sizeInBytes()).isZero();
        assertThatThrownBy(() -> open(closed)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void isOpenFromItsStartToItsStop() throws InterruptedException {
        Journal running = journal();
        running.start();
        boolean started = running.isRunning() && running.isOpen();

        running.stop();
        running.awaitNoOpenCalls(Duration.ofHours(1));

        assertThat(started).isTrue();
        assertThat(running.isRunning()).isFalse();
        assertThat(running.isOpen()).isFalse();
        running.start();
        assertThat(running.isOpen()).as("its folder was given back").isTrue();
    }

    @Test
    void saysHowMuchOfTheDiskItTakes() throws IOException {
        Journal running = journal();
        running.start();

        for (int i = 0; i < 10; i++) {
            open(running);
        }

        assertThat(running.segments().numbers()).hasSizeGreaterThan(1);
        assertThat(running.sizeInBytes()).isEqualTo(bytesOnDisk());
        assertThat(running.openCalls()).isEqualTo(10);
    }

    @Test
    void saysHowManyEndsWaitForTheDisk() throws IOException {
        Journal running = journal();
        running.start();
        List<OpenCall> calls = List.of(open(running), open(running));
        running.writer().active().close();
        for (long next = 2; next < 12; next++) {
            Files.createDirectory(running.segments().file(next));
        }

        calls.forEach(call -> settle(running, call));

        // The first may have woken the writer's thread, which then writes the second as well.
        await().untilAsserted(() -> assertThat(running.waitingEnds()).isEqualTo(2));
        assertThat(running.isOpen()).isFalse();
        assertThat(running.openCalls()).isEqualTo(2);
    }

    @Test
    void knowsWhatAFormerLifeLeft() throws IOException {
        Journal former = journal();
        former.start();
        OpenCall ended = open(former);
        settle(former, ended);
        OpenCall cut = open(former);
        former.stop();

        Journal next = journal();
        next.start();
        boolean atFirst = next.areFormerLivesShipped();
        next.formerLivesAreShipped();

        assertThat(next.orphans()).containsExactly(cut);
        assertThat(next.foundSettled()).isEqualTo(1);
        assertThat(next.firstSegment()).isEqualTo(1);
        assertThat(next.damagedFiles()).isZero();
        assertThat(atFirst).isFalse();
        assertThat(next.areFormerLivesShipped()).isTrue();
    }

    @Test
    void answersOnTheLoopThatTheCallIsOn() throws Exception {
        Journal running = journal();
        running.start();
        EventLoopGroup loops = new DefaultEventLoopGroup(1);
        try {
            EventLoop loop = loops.next();

            assertThat(isToldOn(loop, running)).isTrue();
            running.writer().active().close();
            Files.createDirectory(running.segments().file(2));
            assertThat(isToldOn(loop, running)).as("a refusal").isTrue();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).get();
        }
    }

    private static boolean isToldOn(EventLoop loop, Journal running) throws Exception {
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        running.open(Calls.open(UUID.randomUUID()), loop)
                .subscribe(
                        nothing -> {},
                        failure -> told.complete(loop.inEventLoop()),
                        () -> told.complete(loop.inEventLoop()));
        return told.get(30, TimeUnit.SECONDS);
    }

    private static OpenCall open(Journal to) {
        OpenCall call = Calls.open(UUID.randomUUID());
        to.open(call, ImmediateEventExecutor.INSTANCE).block(Duration.ofSeconds(10));
        return call;
    }

    private static void settle(Journal to, OpenCall call) {
        to.settle(Calls.settled(call), ImmediateEventExecutor.INSTANCE);
    }

    private long bytesOnDisk() throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(folder.resolve("journal"))) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
