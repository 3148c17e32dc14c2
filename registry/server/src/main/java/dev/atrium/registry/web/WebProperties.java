package dev.atrium.registry.web;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Addresses and limits of the registry's HTTP.
 *
 * @param publicUrl the registry's address as browsers and clients reach it; the OAuth issuer
 * @param gatewayUrl the gateway's public address; made from {@code publicUrl} when absent
 * @param portalUrl the portal's public address; made from {@code publicUrl} when absent
 * @param port the public port, to recognise it in {@code publicUrl}
 * @param gatewayPort the gateway's port on this machine
 * @param portalPort the portal's port on this machine
 * @param internalPort where gateways and nodes reach {@code /internal/v1} and health; never
 *     published; 0 takes a free one
 * @param internalAddress interface that the internal port is bound to; empty binds to all, for
 *     gateways and nodes on other machines
 * @param bodyLimit most bytes of a body on the public port, uploads apart
 * @param internalBodyLimit most bytes of a body on the internal port
 */
@ConfigurationProperties("atrium.registry.web")
record WebProperties(
        URI publicUrl,
        @Nullable URI gatewayUrl,
        @Nullable URI portalUrl,
        @DefaultValue("8081") int port,
        @DefaultValue("8080") int gatewayPort,
        @DefaultValue("8082") int portalPort,
        @DefaultValue("9081") int internalPort,
        @DefaultValue("") String internalAddress,
        @DefaultValue("1MB") DataSize bodyLimit,
        @DefaultValue("16MB") DataSize internalBodyLimit) {}
