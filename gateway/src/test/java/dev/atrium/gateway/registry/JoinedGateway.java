package dev.atrium.gateway.registry;

import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** What a gateway says to its registry, over real HTTP and without the rest of the gateway. */
public final class JoinedGateway implements AutoCloseable {
    private final RegistryClient client;
    private final Membership membership;
    private final BackgroundLoop heartbeats;

    private JoinedGateway(FakeRegistry registry, Path folder) {
        RegistryProperties properties =
                new RegistryProperties(
                        List.of(registry.url()),
                        FakeRegistry.JOIN_TOKEN,
                        "test",
                        folder,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(50));
        Credential credential = new Credential(properties);
        client = new RegistryClient(properties, credential);
        membership =
                new Membership(properties, client, credential, Clock.systemUTC(), System::nanoTime);
        heartbeats = membership.heartbeatLoop();
    }

    /** Joins and waits until it has. */
    public static JoinedGateway of(FakeRegistry registry, Path folder) {
        JoinedGateway gateway = new JoinedGateway(registry, folder);
        gateway.heartbeats.start();
        await().until(gateway.membership::isJoined);
        return gateway;
    }

    public RegistryClient client() {
        return client;
    }

    public Membership membership() {
        return membership;
    }

    @Override
    public void close() {
        heartbeats.stop();
    }
}
