package dev.atrium.node.api;

/**
 * A node's last word on one attempt.
 *
 * @param computed whether it ever reached the model; if not, nothing was used
 * @param usage everything that the attempt used
 */
public record AttemptEnd(boolean computed, NodeUsage usage) {
    public static final AttemptEnd NOT_COMPUTED = new AttemptEnd(false, NodeUsage.NONE);
}
