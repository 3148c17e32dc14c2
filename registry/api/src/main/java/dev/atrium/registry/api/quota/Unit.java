package dev.atrium.registry.api.quota;

/** What a policy counts. */
public enum Unit {
    /** Calls that reached a node. */
    REQUESTS,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    /** Input and output tokens together. */
    TOKENS,
    /** Time of the engine, each call rounded up to the next millisecond. */
    COMPUTE_MILLIS,
    /** Calls at the same time. */
    CONCURRENCY;

    private static final long MICROS_PER_MILLI = 1_000;

    /**
     * What a call that ended with these figures used of this unit.
     *
     * @param reached whether the call reached a node
     */
    public long used(boolean reached, long inputTokens, long outputTokens, long computeMicros) {
        return switch (this) {
            case REQUESTS -> reached ? 1 : 0;
            case INPUT_TOKENS -> inputTokens;
            case OUTPUT_TOKENS -> outputTokens;
            case TOKENS -> Math.addExact(inputTokens, outputTokens);
            case COMPUTE_MILLIS -> Math.ceilDiv(computeMicros, MICROS_PER_MILLI);
            case CONCURRENCY -> 0;
        };
    }
}
