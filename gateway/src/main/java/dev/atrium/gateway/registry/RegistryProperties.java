package dev.atrium.gateway.registry;

import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the gateway finds and joins its registry.
 *
 * @param urls internal addresses of all registries; the next one is asked when one fails
 * @param joinToken one-use token, needed until a credential is stored; empty afterwards
 * @param name what admins call this gateway; the host name when empty
 * @param dataDir folder of the stored credential
 * @param connectTimeout longest wait for a TCP connection to a registry
 * @param requestTimeout longest wait for an answer, on top of what a long poll asks for
 * @param heartbeatInterval pause between heartbeats
 */
@Validated
@ConfigurationProperties("atrium.gateway.registry")
record RegistryProperties(
        @NotEmpty @DefaultValue("http://127.0.0.1:9081") List<URI> urls,
        @Nullable String joinToken,
        @Nullable String name,
        @NotNull @DefaultValue("./data") Path dataDir,
        @NotNull @DefaultValue("2s") Duration connectTimeout,
        @NotNull @DefaultValue("5s") Duration requestTimeout,
        @NotNull @DefaultValue("2s") Duration heartbeatInterval) {}
