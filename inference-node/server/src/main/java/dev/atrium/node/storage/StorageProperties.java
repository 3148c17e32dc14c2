package dev.atrium.node.storage;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The key of the model cache.
 *
 * @param key 32 bytes in base64, such as {@code openssl rand -base64 32} makes; null for one of the
 *     node's own making
 * @param keyFile where the node keeps a key of its own making, readable by the owner alone
 */
@Validated
@ConfigurationProperties("atrium.node.storage")
record StorageProperties(
        @Nullable String key, @NotNull @DefaultValue("./data/storage.key") Path keyFile) {
    @Override
    public String toString() {
        return "StorageProperties[keyFile=" + keyFile + "]";
    }
}
