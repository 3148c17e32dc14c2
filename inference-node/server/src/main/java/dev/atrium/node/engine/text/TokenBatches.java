package dev.atrium.node.engine.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sorts texts by length and cuts them into bounded batches so that together they cost least: every
 * token counts, padding too, and every batch as much as {@value #TOKENS_OF_A_RUN} tokens more.
 */
final class TokenBatches {
    /** What a run of a small encoder costs beside its tokens, on one core. */
    private static final int TOKENS_OF_A_RUN = 16;

    private final int maxRows;
    private final int maxTokens;

    /**
     * @param maxTokens most tokens of a batch, padding included; one text may be longer
     */
    TokenBatches(int maxRows, int maxTokens) {
        this.maxRows = maxRows;
        this.maxTokens = maxTokens;
    }

    List<TokenBatch> of(List<long[]> ids, List<long[]> types) {
        List<Integer> order =
                IntStream.range(0, ids.size())
                        .boxed()
                        .sorted(Comparator.comparingInt(row -> ids.get(row).length))
                        .toList();
        int[] lengths = order.stream().mapToInt(row -> ids.get(row).length).toArray();
        int[] begins = begins(lengths);
        List<TokenBatch> batches = new ArrayList<>();
        for (int to = lengths.length; to > 0; to = begins[to]) {
            batches.addFirst(batch(order.subList(begins[to], to), ids, types));
        }
        return batches;
    }

    /**
     * Where the batch begins that ends before a text, in the cheapest cut up to there.
     *
     * @param lengths ascending
     */
    private int[] begins(int[] lengths) {
        long[] least = new long[lengths.length + 1];
        int[] begins = new int[lengths.length + 1];
        for (int to = 1; to <= lengths.length; to++) {
            int longest = lengths[to - 1];
            least[to] = Long.MAX_VALUE;
            for (int from = to - 1; from >= 0; from--) {
                int rows = to - from;
                if (rows > 1 && !fits(rows, longest)) {
                    break;
                }
                long cost = least[from] + TOKENS_OF_A_RUN + (long) rows * longest;
                if (cost < least[to]) {
                    least[to] = cost;
                    begins[to] = from;
                }
            }
        }
        return begins;
    }

    private boolean fits(int rows, int longest) {
        return rows <= maxRows && (long) rows * longest <= maxTokens;
    }

    private static TokenBatch batch(List<Integer> rows, List<long[]> ids, List<long[]> types) {
        int longest = rows.stream().mapToInt(row -> ids.get(row).length).max().orElse(0);
        return new TokenBatch(
                List.copyOf(rows),
                rows.stream().map(ids::get).toList(),
                rows.stream().map(types::get).toList(),
                longest);
    }
}
