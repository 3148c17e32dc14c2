package dev.atrium.registry.pricing;

import dev.atrium.registry.api.pricing.CreatePriceEntry;
import dev.atrium.registry.api.pricing.FreeUnits;
import dev.atrium.registry.api.pricing.UnitPrices;
import dev.atrium.registry.error.InvalidRequestException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Currency;
import org.jspecify.annotations.Nullable;

/** What a price may say; the database checks the same. */
final class PriceRules {
    private static final int MAX_NAME = 200;
    private static final long MOST_FREE = 1_000_000_000_000_000L;
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private PriceRules() {}

    static String name(String name) {
        String stripped = name.strip();
        if (stripped.isEmpty() || stripped.length() > MAX_NAME) {
            throw new InvalidRequestException("'name' must have 1 to " + MAX_NAME + " characters");
        }
        return stripped;
    }

    static String currency(String currency) {
        try {
            return Currency.getInstance(currency).getCurrencyCode();
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(
                    "'currency' is not a code of ISO 4217 such as EUR or USD");
        }
    }

    static void subject(CreatePriceEntry wish) {
        Integer version = wish.version();
        if (version != null && wish.model() == null) {
            throw new InvalidRequestException("'version' needs a 'model'");
        }
        if (version != null && version < 1) {
            throw new InvalidRequestException("'version' is " + version + " but must be 1 or more");
        }
    }

    static UnitPrices prices(UnitPrices prices) {
        if (prices.requests() == null
                && prices.inputTokens() == null
                && prices.outputTokens() == null
                && prices.computeMillis() == null
                && prices.images() == null
                && prices.audioMillis() == null) {
            throw new InvalidRequestException(
                    "'prices' names no amount; what is free costs 0, which is a price");
        }
        amount("requests", prices.requests());
        amount("inputTokens", prices.inputTokens());
        amount("outputTokens", prices.outputTokens());
        amount("computeMillis", prices.computeMillis());
        amount("images", prices.images());
        amount("audioMillis", prices.audioMillis());
        free(prices);
        return prices;
    }

    private static void free(UnitPrices prices) {
        FreeUnits free = prices.free();
        if (free != null) {
            free("requests", free.requests(), prices.requests());
            free("inputTokens", free.inputTokens(), prices.inputTokens());
            free("outputTokens", free.outputTokens(), prices.outputTokens());
            free("computeMillis", free.computeMillis(), prices.computeMillis());
            free("images", free.images(), prices.images());
            free("audioMillis", free.audioMillis(), prices.audioMillis());
        }
    }

    private static void free(String unit, @Nullable Long free, @Nullable Long price) {
        if (free == null) {
            return;
        }
        if (price == null) {
            throw new InvalidRequestException(
                    "'prices.free." + unit + "' means nothing without 'prices." + unit + "'");
        }
        if (free < 1 || free > MOST_FREE) {
            throw new InvalidRequestException(
                    "'prices.free.%s' is %d but must be 1 to %d".formatted(unit, free, MOST_FREE));
        }
    }

    private static void amount(String unit, @Nullable Long amount) {
        if (amount != null && (amount < 0 || amount > UnitPrices.MOST)) {
            throw new InvalidRequestException(
                    "'prices."
                            + unit
                            + "' is "
                            + amount
                            + " but must be 0 to "
                            + UnitPrices.MOST
                            + " micro-units per 1,000,000");
        }
    }

    /** Calls that were made are paid as they were. */
    static Instant effectiveFrom(@Nullable Instant from, Instant now) {
        if (from == null) {
            return now;
        }
        if (from.isBefore(now) || from.isAfter(LATEST)) {
            throw new InvalidRequestException(
                    "'effectiveFrom' is "
                            + from
                            + ", which is past or out of range; leave it out to begin now");
        }
        return from.truncatedTo(ChronoUnit.MICROS);
    }
}
