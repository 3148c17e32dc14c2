package dev.atrium.gateway.quota;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.feed.Feed;
import dev.atrium.gateway.testing.FakeQuotas;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A tenant of its own on the shared gateway, which knows of its policies once they are made. */
final class LimitedTenant {
    private final TenantFixture tenant = PLATFORM.customer(NODE_A);
    private final KeyFixture key = key(tenant);

    TenantFixture tenant() {
        return tenant;
    }

    /** A further key of the tenant's, perhaps in another of its projects. */
    static KeyFixture key(TenantFixture tenant) {
        KeyFixture key = PLATFORM.key(tenant);
        await().until(() -> GATEWAY.get("/v1/models/chat", key.text()).statusCode() == 200);
        return key;
    }

    PolicyId limit(Unit unit, Window window, long amount, Mode mode) {
        return limit(PolicySubject.TENANT, unit, window, amount, mode);
    }

    PolicyId limit(PolicySubject subject, Unit unit, Window window, long amount, Mode mode) {
        int before = known();
        Long burst = window.isRate() ? amount : null;
        PolicyId policy = PLATFORM.policy(tenant, subject, unit, window, amount, burst, mode);
        await().until(() -> known() > before);
        return policy;
    }

    private int known() {
        return GATEWAY.bean(Feed.class).snapshot().policies(tenant.id()).all().size();
    }

    HttpResponse<String> embed() {
        return embed(key);
    }

    static HttpResponse<String> embed(KeyFixture with) {
        return GATEWAY.send(GATEWAY.embedding(with));
    }

    CompletableFuture<HttpResponse<String>> beginEmbedding() {
        return GATEWAY.sendAsync(GATEWAY.embedding(key));
    }

    /**
     * @param more fields of its body, each after a comma
     */
    HttpResponse<String> chat(String more) {
        return GATEWAY.send(GATEWAY.chat(key, more));
    }

    /** Of all calls that are in the ledger. */
    List<Charge> charges() {
        return REGISTRY.ledger().values().stream()
                .filter(usage -> usage.tenantId().equals(tenant.id()))
                .flatMap(usage -> usage.charges().stream())
                .toList();
    }

    static FakeQuotas.Figures figures(PolicyId policy) {
        return REGISTRY.quotas().figures(policy);
    }
}
