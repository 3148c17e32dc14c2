package dev.atrium.gateway.quota;

import dev.atrium.gateway.upstream.TokenBounds;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.pricing.UnitPrices;
import dev.atrium.registry.api.quota.Unit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a call may use at worst.
 *
 * @param computeMillis its deadline
 * @param leastComputeMillis the shortest deadline that is of use
 * @param price null where the call has none
 */
record Demand(
        TokenBounds tokens, long computeMillis, long leastComputeMillis, @Nullable Price price) {
    private static final long MICROS_PER_MILLI = 1_000;

    /** How finely a call is made smaller: exact for a million tokens. */
    private static final long STEPS = 1_000_000;

    /** Whether there is a price that this budget can be asked for. */
    static boolean isPriced(FeedPolicy policy, @Nullable Price price) {
        return policy.unit() != Unit.COST_MICROS
                || (price != null && price.currency().equals(policy.currency()));
    }

    /** The least that a call of this kind can be made with; 0 where the unit is none of its own. */
    long least(FeedPolicy policy) {
        return switch (policy.unit()) {
            case REQUESTS, CONCURRENCY -> 1;
            case INPUT_TOKENS -> tokens.input();
            case OUTPUT_TOKENS -> tokens.generates() ? 1 : 0;
            case TOKENS -> tokens.input() + (tokens.generates() ? 1 : 0);
            case COMPUTE_MILLIS -> Math.min(leastComputeMillis, computeMillis);
            case COST_MICROS -> isPriced(policy, price) ? smaller(0).cost() : 0;
            case STORED_BYTES -> 0;
            case IMAGES -> tokens.media().images();
            case AUDIO_MILLIS -> tokens.media().audioMillis();
        };
    }

    long worst(FeedPolicy policy) {
        return switch (policy.unit()) {
            case REQUESTS, CONCURRENCY -> 1;
            case INPUT_TOKENS -> tokens.input();
            case OUTPUT_TOKENS -> tokens.output();
            case TOKENS -> tokens.total();
            case COMPUTE_MILLIS -> computeMillis;
            case COST_MICROS -> isPriced(policy, price) ? cost() : 0;
            case STORED_BYTES -> 0;
            case IMAGES -> tokens.media().images();
            case AUDIO_MILLIS -> tokens.media().audioMillis();
        };
    }

    /** The same within what was granted of it. */
    Demand fitted(Reservation granted) {
        long output = granted.granted(Unit.OUTPUT_TOKENS, tokens.output());
        long both = granted.granted(Unit.TOKENS, tokens.total());
        if (both < tokens.total()) {
            output = Math.min(output, both - tokens.input());
        }
        long total = Math.min(both, tokens.input() + output);
        long compute = granted.granted(Unit.COMPUTE_MILLIS, computeMillis);
        Demand fitted =
                new Demand(tokens.within(output, total), compute, leastComputeMillis, price);
        return price == null
                ? fitted
                : fitted.within(granted.granted(Unit.COST_MICROS, Long.MAX_VALUE));
    }

    /** The largest that costs no more than this. */
    private Demand within(long budget) {
        if (cost() <= budget) {
            return this;
        }
        long enough = 0;
        long tooMuch = STEPS;
        while (tooMuch - enough > 1) {
            long middle = (enough + tooMuch) / 2;
            if (smaller(middle).cost() <= budget) {
                enough = middle;
            } else {
                tooMuch = middle;
            }
        }
        return smaller(enough);
    }

    /** What is paid for and can be bounded, between the least and all of it. */
    private Demand smaller(long step) {
        UnitPrices units = Objects.requireNonNull(price).units();
        long output =
                isPaid(units.outputTokens()) ? part(tokens.output(), 1, step) : tokens.output();
        long compute =
                isPaid(units.computeMillis())
                        ? part(computeMillis, leastComputeMillis, step)
                        : computeMillis;
        long total = Math.min(tokens.total(), tokens.input() + output);
        return new Demand(tokens.within(output, total), compute, leastComputeMillis, price);
    }

    private static boolean isPaid(@Nullable Long amount) {
        return amount != null && amount > 0;
    }

    private static long part(long whole, long least, long step) {
        long from = Math.min(least, whole);
        return from + Math.multiplyExact(whole - from, step) / STEPS;
    }

    /** At worst; input and output share the context, of which the dearer takes all it can. */
    private long cost() {
        UnitPrices units = Objects.requireNonNull(price).units();
        long input = tokens.input();
        long output = tokens.output();
        long shared = Math.max(0, input + output - tokens.total());
        if (amount(units.inputTokens()) >= amount(units.outputTokens())) {
            output -= shared;
        } else {
            input -= shared;
        }
        return units.costMicros(
                tokens.media()
                        .consumption(
                                true,
                                input,
                                output,
                                Math.multiplyExact(computeMillis, MICROS_PER_MILLI)));
    }

    private static long amount(@Nullable Long price) {
        return price == null ? 0 : price;
    }
}
