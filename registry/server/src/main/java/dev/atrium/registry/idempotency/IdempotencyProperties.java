package dev.atrium.registry.idempotency;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How long callers may ask again.
 *
 * @param keep how long a key is remembered, and its reply with it
 * @param maxKeptPerTenant most bytes of replies that are kept for one tenant; what is answered
 *     beyond it cannot be answered again
 * @param claimTime longest that a claim may take; a gateway that waits no more has released it
 */
@ConfigurationProperties("atrium.registry.idempotency")
record IdempotencyProperties(
        @DefaultValue("24h") Duration keep,
        @DefaultValue("256MB") DataSize maxKeptPerTenant,
        @DefaultValue("3s") Duration claimTime) {
    IdempotencyProperties {
        if (keep.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException(
                    "atrium.registry.idempotency.keep is " + keep + "; it must be at least 1m");
        }
    }
}
