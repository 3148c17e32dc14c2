package dev.atrium.registry.apikey;

import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Rules for new keys.
 *
 * @param defaultRequestsPerMinute limit of a key whose creator gave none
 * @param maxRequestsPerMinute highest limit that a creator may give
 * @param lastUsePrecision how exact {@code lastUsedAt} is; spares a write per call
 */
@Validated
@ConfigurationProperties("atrium.registry.api-key")
record ApiKeyProperties(
        @Positive @DefaultValue("600") int defaultRequestsPerMinute,
        @Positive @DefaultValue("1000000") int maxRequestsPerMinute,
        @DefaultValue("1m") Duration lastUsePrecision) {
    ApiKeyProperties {
        if (defaultRequestsPerMinute > maxRequestsPerMinute) {
            throw new IllegalArgumentException(
                    "default-requests-per-minute must not exceed max-requests-per-minute");
        }
    }
}
