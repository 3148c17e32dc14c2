package dev.atrium.node.worker.queue;

import java.time.Duration;
import java.util.List;

/**
 * Which calls may be computed together.
 *
 * @param maxRows most rows of a batch; 1 computes every call alone
 * @param maxBytes most input of a batch; one call may have more
 * @param maxDelay longest wait for more calls where waiting pays; zero never waits
 * @param preferredRows sizes to which a batch is cut when that many rows wait, ascending
 * @param acrossTenants whether calls of several tenants may share a batch
 */
public record BatchRules(
        int maxRows,
        long maxBytes,
        Duration maxDelay,
        List<Integer> preferredRows,
        boolean acrossTenants) {
    public BatchRules {
        preferredRows = preferredRows.stream().sorted().toList();
    }

    /** Every call by itself. */
    public static BatchRules alone() {
        return new BatchRules(1, 0, Duration.ZERO, List.of(), false);
    }

    /** The largest preferred size that so many rows fill; all of them where there is none. */
    int cut(int rows) {
        return preferredRows.stream().filter(size -> size <= rows).reduce(rows, (a, b) -> b);
    }
}
