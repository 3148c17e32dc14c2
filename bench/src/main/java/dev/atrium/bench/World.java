package dev.atrium.bench;

import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.ModelFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedReplica;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What the gateway knows: one tenant with very many keys, a rate limit and three quotas that all
 * apply to every call, and 100 models on one node.
 */
final class World implements AutoCloseable {
    private static final int MODELS = 100;
    private static final long NEVER_REACHED = 1_000_000_000_000_000L;
    private static final long RATE = 1_000_000;
    private static final List<String> SCOPES = List.of("inference:invoke", "models:read");

    private final FakeRegistry registry = new FakeRegistry();
    private final List<String> keys = new ArrayList<>();
    private final List<String> tensorModels = new ArrayList<>();
    private final List<String> chatModels = new ArrayList<>();

    World(int keyCount, String nodeUrl) {
        registry.keepNoLedger();
        Platform platform = new Platform(registry);
        TenantFixture tenant = platform.tenant("bench");
        for (int i = 0; i < keyCount; i++) {
            KeyFixture key = platform.key(tenant, Integer.MAX_VALUE, SCOPES, List.of());
            keys.add(key.text());
        }
        platform.policy(tenant, Unit.REQUESTS, Window.SECOND, RATE);
        platform.policy(tenant, Unit.REQUESTS, Window.DAY, NEVER_REACHED);
        platform.policy(tenant, Unit.TOKENS, Window.MONTH, NEVER_REACHED);
        platform.policy(tenant, Unit.COMPUTE_MILLIS, Window.LIFETIME, NEVER_REACHED);
        NodeId node = new NodeId(UUID.randomUUID());
        registry.grantKeyFor(node);
        for (int i = 0; i < MODELS; i++) {
            Task task = i % 2 == 0 ? Task.TENSORS : Task.TEXT_GENERATION;
            ModelFixture model = platform.model(tenant, "model-" + i, task);
            PlacementId placement = new PlacementId(UUID.randomUUID());
            registry.put(
                    FeedKind.REPLICA,
                    placement.toString(),
                    new FeedReplica(placement, model.version(1).id(), node, nodeUrl));
            (task == Task.TENSORS ? tensorModels : chatModels).add(model.name());
        }
    }

    FakeRegistry registry() {
        return registry;
    }

    List<String> keys() {
        return keys;
    }

    List<String> tensorModels() {
        return tensorModels;
    }

    List<String> chatModels() {
        return chatModels;
    }

    @Override
    public void close() {
        registry.close();
    }
}
