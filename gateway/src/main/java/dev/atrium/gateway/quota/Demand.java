package dev.atrium.gateway.quota;

import dev.atrium.gateway.upstream.TokenBounds;
import dev.atrium.registry.api.quota.Unit;

/**
 * What a call may use at worst.
 *
 * @param computeMillis its deadline
 * @param leastComputeMillis the shortest deadline that is of use
 */
record Demand(TokenBounds tokens, long computeMillis, long leastComputeMillis) {
    /** The least that a call of this kind can be made with; 0 where the unit is none of its own. */
    long least(Unit unit) {
        return switch (unit) {
            case REQUESTS, CONCURRENCY -> 1;
            case INPUT_TOKENS -> tokens.input();
            case OUTPUT_TOKENS -> tokens.generates() ? 1 : 0;
            case TOKENS -> tokens.input() + (tokens.generates() ? 1 : 0);
            case COMPUTE_MILLIS -> Math.min(leastComputeMillis, computeMillis);
        };
    }

    long worst(Unit unit) {
        return switch (unit) {
            case REQUESTS, CONCURRENCY -> 1;
            case INPUT_TOKENS -> tokens.input();
            case OUTPUT_TOKENS -> tokens.output();
            case TOKENS -> tokens.total();
            case COMPUTE_MILLIS -> computeMillis;
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
        return new Demand(
                new TokenBounds(tokens.input(), output, total), compute, leastComputeMillis);
    }
}
