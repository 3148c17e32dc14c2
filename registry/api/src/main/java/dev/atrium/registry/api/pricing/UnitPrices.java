package dev.atrium.registry.api.pricing;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Micro-units of a currency per 1,000,000 units; a unit without an amount costs nothing, and so
 * does one with 0.
 *
 * @param requests calls that reached a node
 * @param computeMillis time of the engine, each call rounded up to the next millisecond
 * @param images pictures that were computed
 * @param audioMillis length of the sound that was computed
 * @param free what costs nothing all the same; null where nothing does. Only the registry knows how
 *     much of it is left, so what is reckoned here is without it
 */
public record UnitPrices(
        @Nullable Long requests,
        @Nullable Long inputTokens,
        @Nullable Long outputTokens,
        @Nullable Long computeMillis,
        @Nullable Long images,
        @Nullable Long audioMillis,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable FreeUnits free) {
    /** The highest amount of a unit, and the highest cost of a call. */
    public static final long MOST = 1_000_000_000_000_000L;

    private static final long PER = 1_000_000;

    /** Without free units, pictures and sound. */
    public UnitPrices(
            @Nullable Long requests,
            @Nullable Long inputTokens,
            @Nullable Long outputTokens,
            @Nullable Long computeMillis) {
        this(requests, inputTokens, outputTokens, computeMillis, null);
    }

    /** Without pictures and sound. */
    public UnitPrices(
            @Nullable Long requests,
            @Nullable Long inputTokens,
            @Nullable Long outputTokens,
            @Nullable Long computeMillis,
            @Nullable FreeUnits free) {
        this(requests, inputTokens, outputTokens, computeMillis, null, null, free);
    }

    /** What the call costs, rounded up once; at most {@link #MOST}. */
    public long costMicros(Consumption used) {
        try {
            long sum = product(requests, used.requests());
            sum = Math.addExact(sum, product(inputTokens, used.inputTokens()));
            sum = Math.addExact(sum, product(outputTokens, used.outputTokens()));
            sum = Math.addExact(sum, product(computeMillis, used.computeMillis()));
            sum = Math.addExact(sum, product(images, used.images()));
            sum = Math.addExact(sum, product(audioMillis, used.audioMillis()));
            return Math.min(MOST, Math.ceilDiv(sum, PER));
        } catch (ArithmeticException overflow) {
            return large(used);
        }
    }

    private static long product(@Nullable Long price, long units) {
        return price == null ? 0 : Math.multiplyExact(price, units);
    }

    private long large(Consumption used) {
        BigInteger micros =
                exact(requests, used.requests())
                        .add(exact(inputTokens, used.inputTokens()))
                        .add(exact(outputTokens, used.outputTokens()))
                        .add(exact(computeMillis, used.computeMillis()))
                        .add(exact(images, used.images()))
                        .add(exact(audioMillis, used.audioMillis()))
                        .add(BigInteger.valueOf(PER - 1))
                        .divide(BigInteger.valueOf(PER));
        return micros.min(BigInteger.valueOf(MOST)).longValueExact();
    }

    private static BigInteger exact(@Nullable Long price, long units) {
        return BigInteger.valueOf(price == null ? 0 : price).multiply(BigInteger.valueOf(units));
    }
}
