package dev.atrium.gateway.call;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Calls that wait for their model to be loaded. Each holds a connection to its node, so there
 * should be far fewer of them than {@code atrium.gateway.upstream.max-connections}.
 *
 * @param maxCalls most of them at a time; one tenant may have half
 * @param maxBytes most bytes of bodies that they hold
 */
@Validated
@ConfigurationProperties("atrium.gateway.cold-start")
record ColdStartProperties(
        @Positive @DefaultValue("64") int maxCalls,
        @NotNull @DefaultValue("64MB") DataSize maxBytes) {}
