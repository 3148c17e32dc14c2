package dev.atrium.registry.api.pricing;

/**
 * What a call used, as far as it is charged for.
 *
 * @param reached whether the call reached a node
 * @param images pictures that were computed
 * @param audioMillis length of the sound that was computed
 */
public record Consumption(
        boolean reached,
        long inputTokens,
        long outputTokens,
        long computeMicros,
        long images,
        long audioMillis) {
    private static final long MICROS_PER_MILLI = 1_000;

    /** Without pictures and sound. */
    public Consumption(boolean reached, long inputTokens, long outputTokens, long computeMicros) {
        this(reached, inputTokens, outputTokens, computeMicros, 0, 0);
    }

    /** Calls that reached a node. */
    public long requests() {
        return reached ? 1 : 0;
    }

    /** Time of the engine, each call rounded up to the next millisecond. */
    public long computeMillis() {
        return Math.ceilDiv(computeMicros, MICROS_PER_MILLI);
    }
}
