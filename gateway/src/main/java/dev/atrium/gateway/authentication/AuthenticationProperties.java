package dev.atrium.gateway.authentication;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which credentials count.
 *
 * @param issuer the only issuer of access tokens, the registry's public URL
 * @param clockSkew how far the clocks of gateway and registry may differ
 * @param tokenCacheSize verified tokens kept, so that a signature is checked once
 * @param jwksRefresh pause between regular fetches of the signing keys
 * @param jwksMinInterval least time between two fetches, however many unknown key ids come
 * @param failuresPerMinute wrong credentials per client address before it gets 429
 * @param failureTableSize client addresses that are remembered
 * @param tokenRequestsPerMinute limit of a user or service account that calls with a token
 */
@Validated
@ConfigurationProperties("atrium.gateway.authentication")
record AuthenticationProperties(
        @NotBlank @DefaultValue("http://localhost:8081") String issuer,
        @NotNull @DefaultValue("30s") Duration clockSkew,
        @Positive @DefaultValue("50000") int tokenCacheSize,
        @NotNull @DefaultValue("5m") Duration jwksRefresh,
        @NotNull @DefaultValue("30s") Duration jwksMinInterval,
        @Positive @DefaultValue("60") int failuresPerMinute,
        @Positive @DefaultValue("50000") int failureTableSize,
        @PositiveOrZero @DefaultValue("600") int tokenRequestsPerMinute) {}
