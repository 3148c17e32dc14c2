package dev.atrium.gateway.idempotency;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Calls with an {@code Idempotency-Key}.
 *
 * @param longestWait how long such a call waits for the registry before it is answered 503
 * @param maxWaiting most of them that wait; more are answered 503
 * @param maxUnsaid replies that the registry has not taken yet; beyond it they are not kept
 * @param shutdownPatience longest wait for the registry to take the last ones at the end
 */
@Validated
@ConfigurationProperties("atrium.gateway.idempotency")
record IdempotencyProperties(
        @NotNull @DefaultValue("2s") Duration longestWait,
        @Positive @DefaultValue("256") int maxWaiting,
        @NotNull @DefaultValue("32MB") DataSize maxUnsaid,
        @NotNull @DefaultValue("5s") Duration shutdownPatience) {}
