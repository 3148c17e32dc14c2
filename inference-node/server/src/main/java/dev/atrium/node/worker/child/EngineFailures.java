package dev.atrium.node.worker.child;

import dev.atrium.node.engine.EngineException;
import dev.atrium.node.worker.ipc.FrameTooLargeException;

/** What a failure inside the worker is to the caller. */
final class EngineFailures {
    private EngineFailures() {}

    static EngineException of(Exception failure) {
        return switch (failure) {
            case EngineException known -> known;
            case FrameTooLargeException tooLarge ->
                    EngineException.failed("the answer is larger than a node may send", null);
            default -> {
                // The supervisor keeps the last lines of this for the model's owner.
                failure.printStackTrace();
                yield EngineException.failed("the model failed on this input", failure);
            }
        };
    }
}
