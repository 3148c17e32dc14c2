package dev.atrium.node.api;

/**
 * What one attempt used.
 *
 * @param computeMicros time the engine spent on it
 */
public record NodeUsage(long inputTokens, long outputTokens, long computeMicros) {
    public static final NodeUsage NONE = new NodeUsage(0, 0, 0);
}
