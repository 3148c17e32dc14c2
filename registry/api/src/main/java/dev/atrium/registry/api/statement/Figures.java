package dev.atrium.registry.api.statement;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.usage.Media;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sums over calls; none goes beyond 9 x 10^18.
 *
 * @param costs one per currency, in their order; empty where nothing had a price
 * @param media pictures and sound; null where there were none, as in former statements
 */
public record Figures(
        long calls,
        long inputTokens,
        long outputTokens,
        long computeMicros,
        List<Cost> costs,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Media media) {
    public static final Figures NONE = new Figures(0, 0, 0, 0, List.of());

    /** Nonsense must not keep a day from being stated; nothing real comes near. */
    private static final long MOST = 9_000_000_000_000_000_000L;

    public Figures {
        costs = List.copyOf(costs);
    }

    /** Without pictures and sound. */
    public Figures(
            long calls, long inputTokens, long outputTokens, long computeMicros, List<Cost> costs) {
        this(calls, inputTokens, outputTokens, computeMicros, costs, null);
    }

    public Figures plus(Figures other) {
        return new Figures(
                sum(calls, other.calls),
                sum(inputTokens, other.inputTokens),
                sum(outputTokens, other.outputTokens),
                sum(computeMicros, other.computeMicros),
                sum(costs, other.costs),
                sum(Media.orNone(media), Media.orNone(other.media)));
    }

    private static @Nullable Media sum(Media one, Media other) {
        return Media.of(
                sum(one.images(), other.images()), sum(one.audioMillis(), other.audioMillis()));
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
