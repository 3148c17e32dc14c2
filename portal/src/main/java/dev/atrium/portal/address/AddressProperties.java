package dev.atrium.portal.address;

import jakarta.validation.constraints.NotNull;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where the processes are.
 *
 * @param publicUrl the registry's public address: issuer of tokens and base of links
 * @param portalUrl where browsers reach the portal; derived from the public URL when unset
 * @param gatewayUrl where applications reach the gateway; derived from the public URL when unset
 * @param registryUrl back channel to the registry's public API
 * @param gatewayInternalUrl back channel to the gateway
 * @param registryPort the registry's port; tells whether the public URL names it
 * @param gatewayPort the gateway's port, for the derived address
 * @param portalPort the portal's port, for the derived address
 */
@Validated
@ConfigurationProperties("atrium.portal.address")
record AddressProperties(
        @NotNull @DefaultValue("http://localhost:8081") URI publicUrl,
        @Nullable URI portalUrl,
        @Nullable URI gatewayUrl,
        @NotNull @DefaultValue("http://127.0.0.1:8081") URI registryUrl,
        @NotNull @DefaultValue("http://127.0.0.1:8080") URI gatewayInternalUrl,
        @DefaultValue("8081") int registryPort,
        @DefaultValue("8080") int gatewayPort,
        @DefaultValue("8082") int portalPort) {}
