package dev.atrium.portal.gateway;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the portal talks to the gateway.
 *
 * @param connectTimeout longest wait for a TCP connection
 * @param callTimeout longest wait for the head of an answer
 */
@Validated
@ConfigurationProperties("atrium.portal.gateway")
record GatewayProperties(
        @NotNull @DefaultValue("3s") Duration connectTimeout,
        @NotNull @DefaultValue("90s") Duration callTimeout) {}
