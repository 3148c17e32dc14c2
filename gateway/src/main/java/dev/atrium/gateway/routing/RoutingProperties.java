package dev.atrium.gateway.routing;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the gateway chooses between replicas.
 *
 * @param failuresToEject failures in a row after which a replica is left out
 * @param ejection how long it is left out the first time; doubles with each further failure
 * @param longestEjection bound of the doubling
 * @param maxAttempts most replicas tried for one call
 * @param retryRatio retries allowed per call, over all calls
 * @param retryReserve retries that are possible after a quiet time
 */
@Validated
@ConfigurationProperties("atrium.gateway.routing")
record RoutingProperties(
        @Positive @DefaultValue("3") int failuresToEject,
        @NotNull @DefaultValue("1s") Duration ejection,
        @NotNull @DefaultValue("30s") Duration longestEjection,
        @Positive @DefaultValue("3") int maxAttempts,
        @DecimalMin("0") @DecimalMax("1") @DefaultValue("0.1") double retryRatio,
        @PositiveOrZero @DefaultValue("10") int retryReserve) {}
