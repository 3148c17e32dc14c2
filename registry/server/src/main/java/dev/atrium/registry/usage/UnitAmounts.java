package dev.atrium.registry.usage;

import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.pricing.FreeUnits;
import dev.atrium.registry.api.pricing.UnitPrices;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** An amount of each unit that prices know. */
record UnitAmounts(
        long requests,
        long inputTokens,
        long outputTokens,
        long computeMillis,
        long images,
        long audioMillis) {
    static final UnitAmounts NONE = new UnitAmounts(0, 0, 0, 0, 0, 0);
    private static final long MICROS_PER_MILLI = 1_000;

    static UnitAmounts of(@Nullable FreeUnits free) {
        return free == null
                ? NONE
                : new UnitAmounts(
                        amount(free.requests()),
                        amount(free.inputTokens()),
                        amount(free.outputTokens()),
                        amount(free.computeMillis()),
                        amount(free.images()),
                        amount(free.audioMillis()));
    }

    static UnitAmounts of(Consumption used) {
        return new UnitAmounts(
                used.requests(),
                used.inputTokens(),
                used.outputTokens(),
                used.computeMillis(),
                used.images(),
                used.audioMillis());
    }

    static UnitAmounts of(ResultSet row) throws SQLException {
        return new UnitAmounts(
                row.getLong("requests"),
                row.getLong("input_tokens"),
                row.getLong("output_tokens"),
                row.getLong("compute_millis"),
                row.getLong("images"),
                row.getLong("audio_millis"));
    }

    private static long amount(@Nullable Long amount) {
        return amount == null ? 0 : amount;
    }

    UnitAmounts plus(UnitAmounts more) {
        return with(more, Long::sum);
    }

    /** What is left, never less than nothing. */
    UnitAmounts minus(UnitAmounts less) {
        return with(less, (whole, part) -> Math.max(0, whole - part));
    }

    UnitAmounts atMost(UnitAmounts most) {
        return with(most, Math::min);
    }

    private UnitAmounts with(UnitAmounts other, LongBinaryOperator each) {
        return new UnitAmounts(
                each.applyAsLong(requests, other.requests),
                each.applyAsLong(inputTokens, other.inputTokens),
                each.applyAsLong(outputTokens, other.outputTokens),
                each.applyAsLong(computeMillis, other.computeMillis),
                each.applyAsLong(images, other.images),
                each.applyAsLong(audioMillis, other.audioMillis));
    }

    boolean isNothing() {
        return equals(NONE);
    }

    /** Of one call, or of a part of it. */
    long cost(UnitPrices prices) {
        return prices.costMicros(
                new Consumption(
                        requests > 0,
                        inputTokens,
                        outputTokens,
                        Math.multiplyExact(computeMillis, MICROS_PER_MILLI),
                        images,
                        audioMillis));
    }
}
