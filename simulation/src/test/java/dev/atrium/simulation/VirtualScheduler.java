package dev.atrium.simulation;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A gateway's event loop in virtual time. */
final class VirtualScheduler implements Scheduler {
    private final Timeline time;
    private final Timeline.Life life;

    VirtualScheduler(Timeline time, Timeline.Life life) {
        this.time = time;
        this.life = life;
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Disposable handle = Disposables.single();
        time.after(
                unit.toNanos(delay),
                life,
                "event loop",
                () -> {
                    if (!handle.isDisposed()) {
                        task.run();
                    }
                });
        return handle;
    }

    @Override
    public Worker createWorker() {
        return new Worker() {
            private volatile boolean disposed;

            @Override
            public Disposable schedule(Runnable task) {
                return VirtualScheduler.this.schedule(() -> {
                    if (!disposed) {
                        task.run();
                    }
                });
            }

            @Override
            public void dispose() {
                disposed = true;
            }

            @Override
            public boolean isDisposed() {
                return disposed;
            }
        };
    }
}
