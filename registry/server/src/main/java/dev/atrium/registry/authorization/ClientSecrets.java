package dev.atrium.registry.authorization;

import dev.atrium.registry.api.apikey.ApiKeyFormat;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Compares client secrets by their SHA-256. They are long and random, so a slow hash would only
 * make asking for tokens expensive.
 */
final class ClientSecrets implements PasswordEncoder {
    @Override
    public String encode(@Nullable CharSequence secret) {
        return hash(String.valueOf(secret));
    }

    @Override
    public boolean matches(@Nullable CharSequence secret, @Nullable String hash) {
        return secret != null
                && hash != null
                && MessageDigest.isEqual(
                        hash(secret.toString()).getBytes(StandardCharsets.UTF_8),
                        hash.getBytes(StandardCharsets.UTF_8));
    }

    static String hash(String secret) {
        return ApiKeyFormat.sha256(secret);
    }
}
