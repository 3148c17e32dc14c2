package dev.atrium.node.inference;

import dev.atrium.node.api.NodeUsage;

/** A call failed after it may have been computed for a while. */
final class FailedCallException extends RuntimeException {
    private final NodeUsage usage;
    private final Throwable cause;

    FailedCallException(NodeUsage usage, Throwable cause) {
        super(null, cause, false, false);
        this.usage = usage;
        this.cause = cause;
    }

    NodeUsage usage() {
        return usage;
    }

    @Override
    public synchronized Throwable getCause() {
        return cause;
    }
}
