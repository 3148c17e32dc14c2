package dev.atrium.registry.api.pricing;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * An amount of money.
 *
 * @param micros millionths of the currency's unit
 * @param currency ISO 4217
 * @param freeMicros what would have come on top without free units; null where there were none
 */
public record Cost(
        long micros,
        String currency,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long freeMicros) {
    /** Without free units. */
    public Cost(long micros, String currency) {
        this(micros, currency, null);
    }
}
