package dev.atrium.node.worker;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** One clock for all calls; what it starts runs in the background and may block. */
final class Alarms {
    static final Executor BACKGROUND = task -> Thread.ofVirtual().start(task);
    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private Alarms() {}

    private static ScheduledThreadPoolExecutor clock() {
        ThreadFactory threads = Thread.ofPlatform().daemon().name("call-alarms").factory();
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, threads);
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    static ScheduledFuture<?> after(Duration delay, Runnable task) {
        return CLOCK.schedule(
                () -> BACKGROUND.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
