package dev.atrium.gateway.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.gateway.testing.TokenIssuer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that starts while the registry is still making its first key. */
class FirstSigningKeyIT {
    @TempDir Path data;

    @Test
    void isNotReadyBeforeTheRegistryHasAKeyAndAsksUntilThen() {
        try (FakeRegistry registry = new FakeRegistry()) {
            registry.removeSigningKeys();
            try (RunningGateway gateway = RunningGateway.startUnready(registry, data)) {
                await().until(() -> registry.jwksFetches() > 2);
                assertThat(gateway.isReady()).isFalse();

                registry.addSigningKey(new TokenIssuer("https://atrium.example", "late").key());

                await().until(gateway::isReady);
            }
        }
    }
}
