package dev.atrium.gateway.authentication;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.registry.BackgroundLoop;
import dev.atrium.gateway.registry.RegistryClient;
import dev.atrium.gateway.registry.RegistryException;
import java.text.ParseException;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Fetches signing keys in the background: regularly, and early when a token names an unknown one. A
 * flood of such tokens causes at most one fetch per interval, and no call ever waits for it.
 */
@Component
class SigningKeyRefresh {
    private final AuthenticationProperties properties;
    private final SigningKeys keys;
    private final RegistryClient registry;
    private final MonotonicClock clock;

    SigningKeyRefresh(
            AuthenticationProperties properties,
            SigningKeys keys,
            RegistryClient registry,
            MonotonicClock clock) {
        this.properties = properties;
        this.keys = keys;
        this.registry = registry;
        this.clock = clock;
    }

    @Bean
    BackgroundLoop signingKeyLoop() {
        return new BackgroundLoop("signing keys", this::refresh);
    }

    private Duration refresh() throws InterruptedException, ParseException, JOSEException {
        long startedAt = clock.nanos();
        JsonNode answer = registry.get("/internal/v1/jwks", Duration.ZERO, JsonNode.class);
        JWKSet published = JWKSet.parse(answer.toString());
        if (published.isEmpty()) {
            throw new RegistryException.Unavailable("the registry has published no signing key");
        }
        keys.replace(published);
        if (!keys.awaitDemand(properties.jwksRefresh())) {
            return Duration.ZERO;
        }
        Duration left = properties.jwksMinInterval().minus(clock.since(startedAt));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
