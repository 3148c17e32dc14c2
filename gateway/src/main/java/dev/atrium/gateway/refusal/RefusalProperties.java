package dev.atrium.gateway.refusal;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What the registry is told of refused calls.
 *
 * @param listedPerSecond most refusals of one tenant in a second that are told one by one; more are
 *     only counted
 * @param maxWaiting most of them, of all tenants, that wait for the registry; more are only counted
 * @param maxCounts most counts (tenant, minute and code) that are held; what has no room is only in
 *     this gateway's metrics
 * @param shipInterval pause between two messages
 */
@Validated
@ConfigurationProperties("atrium.gateway.refusal")
record RefusalProperties(
        @PositiveOrZero @DefaultValue("10") int listedPerSecond,
        @PositiveOrZero @DefaultValue("10000") int maxWaiting,
        @Positive @DefaultValue("10000") int maxCounts,
        @NotNull @DefaultValue("1s") Duration shipInterval) {}
