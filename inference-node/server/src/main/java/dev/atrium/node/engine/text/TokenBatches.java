package dev.atrium.node.engine.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sorts texts by length, so that little padding is computed, and cuts them into bounded batches.
 */
final class TokenBatches {
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
        List<TokenBatch> batches = new ArrayList<>();
        int from = 0;
        while (from < order.size()) {
            int to = from + 1;
            while (to < order.size() && fits(to - from + 1, ids.get(order.get(to)).length)) {
                to++;
            }
            batches.add(batch(order.subList(from, to), ids, types));
            from = to;
        }
        return batches;
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
