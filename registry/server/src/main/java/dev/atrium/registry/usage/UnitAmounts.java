package dev.atrium.registry.usage;

import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.pricing.FreeUnits;
import dev.atrium.registry.api.pricing.UnitPrices;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** An amount of each unit that prices know. */
record UnitAmounts(long requests, long inputTokens, long outputTokens, long computeMillis) {
    static final UnitAmounts NONE = new UnitAmounts(0, 0, 0, 0);

    static UnitAmounts of(@Nullable FreeUnits free) {
        return free == null
                ? NONE
                : new UnitAmounts(
                        amount(free.requests()),
                        amount(free.inputTokens()),
                        amount(free.outputTokens()),
                        amount(free.computeMillis()));
    }

    static UnitAmounts of(Consumption used) {
        return new UnitAmounts(
                used.requests(), used.inputTokens(), used.outputTokens(), used.computeMillis());
    }

    static UnitAmounts of(ResultSet row) throws SQLException {
        return new UnitAmounts(
                row.getLong("requests"),
                row.getLong("input_tokens"),
                row.getLong("output_tokens"),
                row.getLong("compute_millis"));
    }

    private static long amount(@Nullable Long amount) {
        return amount == null ? 0 : amount;
    }

    UnitAmounts plus(UnitAmounts more) {
        return new UnitAmounts(
                requests + more.requests,
                inputTokens + more.inputTokens,
                outputTokens + more.outputTokens,
                computeMillis + more.computeMillis);
    }

    /** What is left, never less than nothing. */
    UnitAmounts minus(UnitAmounts less) {
        return new UnitAmounts(
                Math.max(0, requests - less.requests),
                Math.max(0, inputTokens - less.inputTokens),
                Math.max(0, outputTokens - less.outputTokens),
                Math.max(0, computeMillis - less.computeMillis));
    }

    UnitAmounts atMost(UnitAmounts most) {
        return new UnitAmounts(
                Math.min(requests, most.requests),
                Math.min(inputTokens, most.inputTokens),
                Math.min(outputTokens, most.outputTokens),
                Math.min(computeMillis, most.computeMillis));
    }

    boolean isNothing() {
        return equals(NONE);
    }

    long cost(UnitPrices prices) {
        return prices.costMicros(requests, inputTokens, outputTokens, computeMillis);
    }
}
