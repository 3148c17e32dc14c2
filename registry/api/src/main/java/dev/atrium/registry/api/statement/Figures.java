package dev.atrium.registry.api.statement;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sums over calls.
 *
 * @param costs one per currency, in their order; empty where nothing had a price
 */
public record Figures(
        long calls, long inputTokens, long outputTokens, long computeMicros, List<Money> costs) {
    public static final Figures NONE = new Figures(0, 0, 0, 0, List.of());

    public Figures {
        costs = List.copyOf(costs);
    }

    public Figures plus(Figures other) {
        return new Figures(
                Math.addExact(calls, other.calls),
                Math.addExact(inputTokens, other.inputTokens),
                Math.addExact(outputTokens, other.outputTokens),
                Math.addExact(computeMicros, other.computeMicros),
                sum(costs, other.costs));
    }

    private static List<Money> sum(List<Money> one, List<Money> other) {
        List<Money> all = new ArrayList<>(one);
        all.addAll(other);
        Map<String, Long> sums = new TreeMap<>();
        all.forEach(money -> sums.merge(money.currency(), money.micros(), Math::addExact));
        return sums.entrySet().stream()
                .map(sum -> new Money(sum.getKey(), sum.getValue()))
                .toList();
    }
}
