package dev.atrium.gateway.upstream;

import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt brought no answer. Signals without stack traces: on a bad day there are many, and
 * where they come from is always the same.
 */
public abstract sealed class NodeFailure extends RuntimeException {
    private NodeFailure(String message) {
        super(message, null, false, false);
    }

    /** A failure that the node told inside an answer it had begun. */
    public static NodeFailure midway(NodeError error, NodeUsage usage) {
        return new Refused(200, error, usage, null);
    }

    /** The node answered with a refusal or failure of its own. */
    public static final class Refused extends NodeFailure {
        private final int status;
        private final NodeError error;
        private final NodeUsage usage;
        private final @Nullable Duration retryAfter;

        Refused(int status, NodeError error, NodeUsage usage, @Nullable Duration retryAfter) {
            super("node answered " + status + " " + error.code());
            this.status = status;
            this.error = error;
            this.usage = usage;
            this.retryAfter = retryAfter;
        }

        public int status() {
            return status;
        }

        public NodeError error() {
            return error;
        }

        /** When the node may do it; null where it does not say. */
        public @Nullable Duration retryAfter() {
            return retryAfter;
        }

        /** What was used before the failure. */
        public NodeUsage usage() {
            return usage;
        }
    }

    /** No connection came about: the node never heard of the attempt. */
    public static final class Unreachable extends NodeFailure {
        Unreachable(String message) {
            super(message);
        }
    }

    /** The connection broke; the node may have begun. */
    public static final class Vanished extends NodeFailure {
        public Vanished(String message) {
            super(message);
        }
    }

    /** The node's answer breaks the protocol. */
    public static final class Invalid extends NodeFailure {
        public Invalid(String message) {
            super(message);
        }
    }

    /** The call's deadline passed, by the gateway's clock. */
    public static final class TooLate extends NodeFailure {
        TooLate() {
            super("deadline passed");
        }
    }
}
