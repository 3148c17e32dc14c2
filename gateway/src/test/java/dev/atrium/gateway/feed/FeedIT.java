package dev.atrium.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.ModelFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedReplica;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedIT {
    @TempDir static Path folder;

    private static FakeRegistry registry;
    private static FakeInferenceNode node;
    private static Platform platform;
    private static RunningGateway gateway;

    private TenantFixture tenant;
    private KeyFixture key;
    private ModelFixture model;
    private FeedReplica replica;

    @BeforeAll
    static void startWithTwoAddressesOfWhichOneIsDead() {
        registry = new FakeRegistry();
        node = new FakeInferenceNode(registry);
        platform = new Platform(registry);
        registry.pageSize(3);
        gateway =
                RunningGateway.start(
                        registry,
                        folder,
                        "atrium.gateway.registry.urls=http://127.0.0.1:1," + registry.url(),
                        "atrium.gateway.feed.poll-wait=300ms",
                        "atrium.gateway.feed.max-staleness=2s");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        node.close();
        registry.close();
    }

    @BeforeEach
    void deploy() {
        tenant = platform.tenant("t" + System.nanoTime());
        key = platform.key(tenant);
        model = platform.model(tenant, "m", Task.TENSORS);
        replica = platform.replica(model.version(1), node);
        await().until(() -> status(key) == 200);
    }

    @Test
    void stopsARevokedKeyWithinASecond() {
        platform.revoke(key);

        await().atMost(Duration.ofSeconds(1)).until(() -> status(key) == 401);
    }

    @Test
    void stopsTheKeysOfASuspendedTenantAndLetsThemInAgain() {
        platform.tenantIs(tenant, false);
        await().atMost(Duration.ofSeconds(1)).until(() -> status(key) == 401);

        platform.tenantIs(tenant, true);

        await().atMost(Duration.ofSeconds(1)).until(() -> status(key) == 200);
    }

    @Test
    void followsReplicasAndModels() {
        platform.remove(replica);
        await().until(() -> status(key) == 503);

        platform.replica(model.version(1), node);
        await().until(() -> status(key) == 200);

        registry.remove(FeedKind.MODEL, model.model().id().toString());
        await().until(() -> status(key) == 404);
    }

    @Test
    void servesWithoutItsRegistryUntilWhatItKnowsIsTooOldAndRecoversByItself() {
        registry.goDown();
        try {
            long downSince = System.nanoTime();
            List<Duration> served = new ArrayList<>();
            await().pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        int status = status(key);
                        if (status == 200) {
                            served.add(Duration.ofNanos(System.nanoTime() - downSince));
                        }
                        return status == 503;
                    });

            HttpResponse<String> refused = infer(key);
            assertThat(served.getLast())
                    .isBetween(Duration.ofMillis(1_200), Duration.ofMillis(2_600));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).contains("5");
            assertThat(gateway.isReady()).isFalse();
            assertThat(gateway.get("/v2/health/ready", null).statusCode()).isEqualTo(503);
            assertThat(gateway.get("/v2/health/live", null).statusCode()).isEqualTo(200);
        } finally {
            registry.comeBack();
        }

        await().atMost(Duration.ofSeconds(10)).until(() -> status(key) == 200);
        assertThat(gateway.isReady()).isTrue();
    }

    @Test
    void loadsEverythingAgainAfterARestoreAndForgetsWhatIsGone() {
        KeyFixture revokedInTheBackup = platform.key(tenant);
        await().until(() -> status(revokedInTheBackup) == 200);
        platform.revoke(revokedInTheBackup);
        await().until(() -> status(revokedInTheBackup) == 401);

        registry.restore();

        KeyFixture fresh = platform.key(tenant);
        await().until(() -> status(fresh) == 200);
        assertThat(status(key)).isEqualTo(200);
        assertThat(status(revokedInTheBackup)).isEqualTo(401);
    }

    @Test
    void countsAnEntryThatItCannotReadAsGone() {
        registry.put(FeedKind.API_KEY, key.id(), Map.of("id", key.id(), "secretHash", "zz"));

        await().until(() -> status(key) == 401);
        assertThat(gateway.isReady()).isTrue();
    }

    @Test
    void takesANodeIntoUseAtOnceThoughItsGrantKeyIsNew() {
        try (FakeInferenceNode fresh = new FakeInferenceNode(registry)) {
            platform.remove(replica);
            await().until(() -> status(key) == 503);
            platform.replica(model.version(1), fresh);

            await().atMost(Duration.ofSeconds(2)).until(() -> status(key) == 200);
        }
    }

    private static int status(KeyFixture with) {
        return infer(with).statusCode();
    }

    private static HttpResponse<String> infer(KeyFixture with) {
        return gateway.post("/v2/models/m/infer", with.text(), "{\"inputs\":[]}");
    }
}
