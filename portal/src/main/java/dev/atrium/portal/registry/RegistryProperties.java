package dev.atrium.portal.registry;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the portal talks to the registry.
 *
 * @param connectTimeout longest wait for a TCP connection
 * @param readTimeout longest wait for an answer
 * @param uploadTimeout longest time that one file may take, inspection included
 */
@Validated
@ConfigurationProperties("atrium.portal.registry")
record RegistryProperties(
        @NotNull @DefaultValue("3s") Duration connectTimeout,
        @NotNull @DefaultValue("20s") Duration readTimeout,
        @NotNull @DefaultValue("2h") Duration uploadTimeout) {}
