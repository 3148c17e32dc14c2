package dev.atrium.gateway.authentication;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** The public keys of the registry's authorization server that are known now. */
@Component
class SigningKeys {
    private final Semaphore wanted = new Semaphore(0);
    private volatile Map<String, JWSVerifier> verifiers = Map.of();

    boolean isLoaded() {
        return !verifiers.isEmpty();
    }

    /** The verifier of a key; when it is unknown, newer keys are asked for. */
    Optional<JWSVerifier> verifier(String keyId) {
        JWSVerifier verifier = verifiers.get(keyId);
        if (verifier == null && wanted.availablePermits() == 0) {
            wanted.release();
        }
        return Optional.ofNullable(verifier);
    }

    /** Takes these keys and no others. Keys of other kinds than RSA are of no use here. */
    void replace(JWKSet keys) throws JOSEException {
        Map<String, JWSVerifier> byId = new HashMap<>();
        for (JWK key : keys.getKeys()) {
            if (KeyType.RSA.equals(key.getKeyType()) && key.getKeyID() != null) {
                byId.put(key.getKeyID(), new RSASSAVerifier(key.toRSAKey().toRSAPublicKey()));
            }
        }
        verifiers = Map.copyOf(byId);
        wanted.drainPermits();
    }

    /**
     * Waits until somebody asks for newer keys.
     *
     * @return whether anybody did
     */
    boolean awaitDemand(Duration longest) throws InterruptedException {
        return wanted.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS);
    }
}
