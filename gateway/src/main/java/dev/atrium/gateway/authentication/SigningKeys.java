package dev.atrium.gateway.authentication;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.registry.BackgroundLoop;
import dev.atrium.gateway.registry.RegistryClient;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * The public keys of the registry's authorization server, fetched in the background. A token with
 * an unknown key id asks for a fetch, but a flood of them causes at most one per interval, and no
 * call ever waits for it.
 */
@Component
class SigningKeys implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);

    private final AuthenticationProperties properties;
    private final RegistryClient registry;
    private final MonotonicClock clock;
    private final Semaphore wanted = new Semaphore(0);
    private final BackgroundLoop loop = new BackgroundLoop("signing keys", this::refresh);
    private volatile Map<String, JWSVerifier> verifiers = Map.of();

    SigningKeys(
            AuthenticationProperties properties, RegistryClient registry, MonotonicClock clock) {
        this.properties = properties;
        this.registry = registry;
        this.clock = clock;
    }

    boolean isLoaded() {
        return !verifiers.isEmpty();
    }

    /** The verifier of a key; when it is unknown, a fetch is asked for. */
    Optional<JWSVerifier> verifier(String keyId) {
        JWSVerifier verifier = verifiers.get(keyId);
        if (verifier == null && wanted.availablePermits() == 0) {
            wanted.release();
        }
        return Optional.ofNullable(verifier);
    }

    private Duration refresh() throws InterruptedException, ParseException, JOSEException {
        long startedAt = clock.nanos();
        JsonNode answer = registry.get("/internal/v1/jwks", Duration.ZERO, JsonNode.class);
        verifiers = verifiersOf(JWKSet.parse(answer.toString()));
        wanted.drainPermits();
        boolean early =
                wanted.tryAcquire(properties.jwksRefresh().toMillis(), TimeUnit.MILLISECONDS);
        if (!early) {
            return Duration.ZERO;
        }
        Duration left = properties.jwksMinInterval().minus(clock.since(startedAt));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Map<String, JWSVerifier> verifiersOf(JWKSet keys) throws JOSEException {
        Map<String, JWSVerifier> byId = new HashMap<>();
        for (JWK key : keys.getKeys()) {
            if (KeyType.RSA.equals(key.getKeyType()) && key.getKeyID() != null) {
                byId.put(key.getKeyID(), new RSASSAVerifier(key.toRSAKey().toRSAPublicKey()));
            }
        }
        LOG.debug("{} signing keys", byId.size());
        return Map.copyOf(byId);
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() {
        loop.stop();
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    @Override
    public int getPhase() {
        return 0;
    }
}
