package dev.atrium.gateway.authentication;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.registry.BackgroundLoop;
import dev.atrium.gateway.registry.RegistryClient;
import java.text.ParseException;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Fetches signing keys in the background: regularly, and early when a token names an unknown one. A
 * flood of such tokens causes at most one fetch per interval, and no call ever waits for it.
 */
@Component
class SigningKeyRefresh implements SmartLifecycle {
    private final AuthenticationProperties properties;
    private final SigningKeys keys;
    private final RegistryClient registry;
    private final MonotonicClock clock;
    private final BackgroundLoop loop = new BackgroundLoop("signing keys", this::refresh);

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

    private Duration refresh() throws InterruptedException, ParseException, JOSEException {
        long startedAt = clock.nanos();
        JsonNode answer = registry.get("/internal/v1/jwks", Duration.ZERO, JsonNode.class);
        keys.replace(JWKSet.parse(answer.toString()));
        if (!keys.awaitDemand(properties.jwksRefresh())) {
            return Duration.ZERO;
        }
        Duration left = properties.jwksMinInterval().minus(clock.since(startedAt));
        return left.isNegative() ? Duration.ZERO : left;
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
