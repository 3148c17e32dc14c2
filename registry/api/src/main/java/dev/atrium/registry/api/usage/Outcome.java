package dev.atrium.registry.api.usage;

/**
 * How a call ended. A call pays for what the node produced until a cancel reached it, whatever the
 * outcome; a call that reached no node pays nothing.
 */
public enum Outcome {
    OK,
    /** The node refused the input (shape, dtype, context length); nothing was computed. */
    INVALID_INPUT,
    /** The client went away before the answer was complete. */
    CLIENT_GONE,
    /** The node failed or vanished after it had begun. */
    NODE_FAILED,
    /** No replica could take the call. */
    NO_REPLICA,
    DEADLINE_EXCEEDED,
    /** The gateway died or stopped in the middle; settled from the node's own record. */
    GATEWAY_LOST
}
