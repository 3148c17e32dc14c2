package dev.atrium.gateway.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.registry.BackgroundLoop;
import dev.atrium.gateway.registry.JoinedGateway;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.TokenIssuer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyRefreshIT {
    @TempDir Path folder;

    private final FakeRegistry registry = new FakeRegistry();
    private final SigningKeys keys = new SigningKeys();
    private JoinedGateway gateway;
    private BackgroundLoop loop;

    @BeforeEach
    void join() {
        gateway = JoinedGateway.of(registry, folder);
    }

    @AfterEach
    void close() {
        loop.stop();
        gateway.close();
        registry.close();
    }

    @Test
    void fetchesNewerKeysAsSoonAsATokenNamesAnUnknownOne() {
        begin(Duration.ofHours(1), Duration.ofMillis(1));
        await().until(keys::isLoaded);
        registry.addSigningKey(new TokenIssuer("issuer", "rotated").key());

        await().until(() -> keys.verifier("rotated").isPresent());
    }

    @Test
    void fetchesOnceAnIntervalHoweverManyUnknownKeysAreNamed() {
        begin(Duration.ofHours(1), Duration.ofHours(1));
        await().until(keys::isLoaded);

        await().during(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(20))
                .until(() -> keys.verifier("unknown").isEmpty() && registry.jwksFetches() == 1);
    }

    @Test
    void fetchesRegularlyThoughNobodyAsks() {
        begin(Duration.ofMillis(10), Duration.ofHours(1));

        await().until(() -> registry.jwksFetches() > 2);
    }

    @Test
    void keepsTheKeysItHasWhenNoneArePublished() {
        begin(Duration.ofMillis(10), Duration.ofMillis(1));
        await().until(keys::isLoaded);
        registry.removeSigningKeys();
        int fetches = registry.jwksFetches();

        await().until(() -> registry.jwksFetches() > fetches + 1);

        assertThat(keys.isLoaded()).isTrue();
    }

    private void begin(Duration refresh, Duration least) {
        AuthenticationProperties standard = TestProperties.standard();
        loop =
                new SigningKeyRefresh(
                                new AuthenticationProperties(
                                        standard.issuer(),
                                        standard.clockSkew(),
                                        standard.tokenCacheSize(),
                                        refresh,
                                        least,
                                        standard.failuresPerMinute(),
                                        standard.failureTableSize(),
                                        standard.tokenRequestsPerMinute()),
                                keys,
                                gateway.client(),
                                System::nanoTime)
                        .signingKeyLoop();
        loop.start();
    }
}
