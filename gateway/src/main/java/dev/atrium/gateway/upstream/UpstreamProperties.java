package dev.atrium.gateway.upstream;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the gateway talks to inference nodes.
 *
 * @param connectTimeout longest wait for a TCP connection to a node
 * @param maxConnections most connections of one event loop to one node
 * @param maxPending most calls of one event loop that wait for a connection to one node
 * @param pendingTimeout longest wait for a connection from the pool
 * @param idleTimeout unused connections are closed after this long
 * @param deadline longest life of a call; the node stops computing then
 * @param lastWord longest wait for a node to say what a call used that nobody waited for
 */
@Validated
@ConfigurationProperties("atrium.gateway.upstream")
record UpstreamProperties(
        @NotNull @DefaultValue("2s") Duration connectTimeout,
        @Positive @DefaultValue("256") int maxConnections,
        @Positive @DefaultValue("1024") int maxPending,
        @NotNull @DefaultValue("5s") Duration pendingTimeout,
        @NotNull @DefaultValue("20s") Duration idleTimeout,
        @NotNull @DefaultValue("5m") Duration deadline,
        @NotNull @DefaultValue("3s") Duration lastWord) {}
