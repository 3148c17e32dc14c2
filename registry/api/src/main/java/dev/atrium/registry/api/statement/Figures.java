package dev.atrium.registry.api.statement;

import dev.atrium.registry.api.pricing.Cost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sums over calls; none goes beyond 9 x 10^18.
 *
 * @param costs one per currency, in their order; empty where nothing had a price
 */
public record Figures(
        long calls, long inputTokens, long outputTokens, long computeMicros, List<Cost> costs) {
    public static final Figures NONE = new Figures(0, 0, 0, 0, List.of());

    /** Nonsense must not keep a day from being stated; nothing real comes near. */
    private static final long MOST = 9_000_000_000_000_000_000L;

    public Figures {
        costs = List.copyOf(costs);
    }

    public Figures plus(Figures other) {
        return new Figures(
                sum(calls, other.calls),
                sum(inputTokens, other.inputTokens),
                sum(outputTokens, other.outputTokens),
                sum(computeMicros, other.computeMicros),
                sum(costs, other.costs));
    }

    private static long sum(long one, long other) {
        try {
            return Math.clamp(Math.addExact(one, other), -MOST, MOST);
        } catch (ArithmeticException beyond) {
            return one > 0 ? MOST : -MOST;
        }
    }

    private static List<Cost> sum(List<Cost> one, List<Cost> other) {
        List<Cost> all = new ArrayList<>(one);
        all.addAll(other);
        Map<String, Long> sums = new TreeMap<>();
        all.forEach(money -> sums.merge(money.currency(), money.micros(), Figures::sum));
        return sums.entrySet().stream().map(sum -> new Cost(sum.getValue(), sum.getKey())).toList();
    }
}
