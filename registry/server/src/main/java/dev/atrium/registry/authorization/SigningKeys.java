package dev.atrium.registry.authorization;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import dev.atrium.registry.authorization.SigningKeyStore.StoredKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The keys as this registry knows them, for signing, verifying and publishing.
 *
 * <p>Held in memory for a few seconds. A token with an unknown key id makes us look once more, but
 * no more often than the database can bear if somebody sends random ones.
 */
@Component
class SigningKeys implements JWKSource<SecurityContext> {
    private static final Duration FRESH = Duration.ofSeconds(30);
    private static final Duration SHORTEST = Duration.ofSeconds(5);

    private record Loaded(List<StoredKey> keys, Instant at) {}

    private final SigningKeyStore store;
    private final Clock clock;
    private volatile @Nullable Loaded loaded;

    SigningKeys(SigningKeyStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** With the private part: the key that tokens are signed with now. */
    RSAKey signing() {
        Instant now = clock.instant();
        for (StoredKey key : keys()) {
            if (key.retiresAt().isAfter(now)) {
                return key.key();
            }
        }
        rotate();
        return keys().getFirst().key();
    }

    /** Public parts only: everything that verifies a token. */
    JWKSet published() {
        return new JWKSet(keys().stream().<JWK>map(key -> key.key().toPublicJWK()).toList());
    }

    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) {
        List<JWK> found = selector.select(published());
        if (found.isEmpty() && isOlderThan(SHORTEST)) {
            load();
            found = selector.select(published());
        }
        return found;
    }

    @Scheduled(fixedDelay = 1, initialDelay = 1, timeUnit = TimeUnit.MINUTES)
    void rotate() {
        store.rotate(clock.instant());
        load();
    }

    private List<StoredKey> keys() {
        Loaded current = loaded;
        if (current != null && !isOlderThan(FRESH)) {
            return current.keys();
        }
        List<StoredKey> keys = load();
        if (keys.isEmpty()) {
            rotate();
            return load();
        }
        return keys;
    }

    private boolean isOlderThan(Duration age) {
        Loaded current = loaded;
        return current == null || current.at().plus(age).isBefore(clock.instant());
    }

    private List<StoredKey> load() {
        Instant now = clock.instant();
        List<StoredKey> keys = store.published(now);
        // None at all is no state to serve from: the first key is just being made.
        if (!keys.isEmpty()) {
            loaded = new Loaded(keys, now);
        }
        return keys;
    }
}
