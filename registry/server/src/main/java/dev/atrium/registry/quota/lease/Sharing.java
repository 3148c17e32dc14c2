package dev.atrium.registry.quota.lease;

/**
 * How much of what is free one gateway gets.
 *
 * <p>Alone it gets what it wants. Beside n others it gets at most free / (2n + 1) beyond what it
 * needs now, so each of them can come back several times before the rest is gone, and what is
 * handed out in advance gets smaller as the limit comes nearer.
 */
final class Sharing {
    private Sharing() {}

    /**
     * @param others other gateways that hold leases of the window
     * @return 0, or at least {@code atLeast} and at most {@code want}
     */
    static long grant(long free, long others, long atLeast, long want) {
        if (want <= 0 || free <= 0 || free < atLeast) {
            return 0;
        }
        long share = free / (2 * others + 1);
        return Math.min(Math.min(want, free), Math.max(Math.max(1, atLeast), share));
    }
}
