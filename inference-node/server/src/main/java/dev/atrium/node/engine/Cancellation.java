package dev.atrium.node.engine;

import org.jspecify.annotations.Nullable;

/**
 * Carries the wish to stop from the connection down to the native call.
 *
 * <p>The action runs under the same lock as {@link #disarm}, so that it never touches a native
 * object that the computing thread has already freed.
 */
public final class Cancellation {
    private boolean cancelled;
    private @Nullable Runnable action;

    public synchronized void cancel() {
        cancelled = true;
        if (action != null) {
            action.run();
        }
    }

    /** From now until {@link #disarm}, cancelling runs the action. */
    public synchronized void arm(Runnable onCancel) {
        throwIfCancelled();
        action = onCancel;
    }

    public synchronized void disarm() {
        action = null;
    }

    public synchronized boolean isCancelled() {
        return cancelled;
    }

    public synchronized void throwIfCancelled() {
        if (cancelled) {
            throw EngineException.cancelled();
        }
    }
}
