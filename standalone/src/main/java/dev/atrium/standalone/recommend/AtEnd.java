package dev.atrium.standalone.recommend;

import java.util.concurrent.atomic.AtomicBoolean;

/** What has to be done once, at the latest when this program is told to stop, as by Ctrl-C. */
final class AtEnd implements AutoCloseable {
    private final Runnable task;
    private final AtomicBoolean isDone = new AtomicBoolean();
    private final Thread hook = new Thread(this::once, "at the end");

    AtEnd(Runnable task) {
        this.task = task;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void once() {
        if (isDone.compareAndSet(false, true)) {
            task.run();
        }
    }

    @Override
    public void close() {
        once();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            // Then the hook finds that there is nothing left to do.
            return;
        }
    }
}
