package dev.atrium.node.registry;

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
 * How this node reaches the registry.
 *
 * @param urls internal addresses of the registries, tried in turn
 * @param joinToken one-use token for the first start; not needed once a credential is stored
 * @param name what people call this node
 * @param url where gateways reach this node
 * @param credentialFile where the credential is kept, readable by the owner alone
 * @param connectTimeout longest wait for a connection
 * @param requestTimeout longest wait for the beginning of an answer
 */
@Validated
@ConfigurationProperties("atrium.node.registry")
record RegistryProperties(
        @NotEmpty @DefaultValue("http://127.0.0.1:9081") List<URI> urls,
        @Nullable String joinToken,
        @NotNull String name,
        @NotNull @DefaultValue("http://127.0.0.1:8083") URI url,
        @NotNull @DefaultValue("./data/credential.json") Path credentialFile,
        @NotNull @DefaultValue("2s") Duration connectTimeout,
        @NotNull @DefaultValue("10s") Duration requestTimeout) {}
