package dev.atrium.gateway.testing;

import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.TensorSpec;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.catalog.Visibility;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.feed.FeedApiKey;
import dev.atrium.registry.api.feed.FeedBlockedPrincipal;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.feed.FeedPriceAssignment;
import dev.atrium.registry.api.feed.FeedPriceList;
import dev.atrium.registry.api.feed.FeedReplica;
import dev.atrium.registry.api.feed.FeedTenant;
import dev.atrium.registry.api.feed.FeedVersion;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.PriceListId;
import dev.atrium.registry.api.pricing.UnitPrices;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Puts tenants, keys, models and replicas into a {@link FakeRegistry}. */
public final class Platform {
    private final FakeRegistry registry;

    public Platform(FakeRegistry registry) {
        this.registry = registry;
    }

    public record TenantFixture(TenantId id, ProjectId project, String slug) {}

    public record KeyFixture(String id, String text, TenantFixture tenant) {}

    public record ModelFixture(FeedModel model) {
        public String name() {
            return model.name().toString();
        }

        public FeedVersion version(int number) {
            return model.versions().stream()
                    .filter(version -> version.number() == number)
                    .findFirst()
                    .orElseThrow();
        }
    }

    public TenantFixture tenant(String slug) {
        TenantFixture tenant =
                new TenantFixture(
                        new TenantId(UUID.randomUUID()), new ProjectId(UUID.randomUUID()), slug);
        tenantIs(tenant, true);
        return tenant;
    }

    /** A tenant of its own that calls the models {@code words} and {@code chat} on the node. */
    public TenantFixture customer(FakeInferenceNode node) {
        TenantFixture tenant = tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        replica(model(tenant, "words", Task.TEXT_EMBEDDING).version(1), node);
        replica(model(tenant, "chat", Task.TEXT_GENERATION).version(1), node);
        return tenant;
    }

    public void tenantIs(TenantFixture tenant, boolean active) {
        registry.put(
                FeedKind.TENANT,
                tenant.id().toString(),
                new FeedTenant(tenant.id(), tenant.slug(), active));
    }

    public KeyFixture key(TenantFixture tenant) {
        return key(tenant, 100_000, List.of("inference:invoke", "models:read"), List.of());
    }

    public KeyFixture key(
            TenantFixture tenant, int perMinute, List<String> scopes, List<String> allowed) {
        return key(tenant, perMinute, scopes, allowed, null);
    }

    public KeyFixture key(
            TenantFixture tenant,
            int perMinute,
            List<String> scopes,
            List<String> allowed,
            @Nullable Instant expiresAt) {
        return key(tenant, perMinute, scopes, allowed, expiresAt, null);
    }

    /** A key whose calls are for this cost centre. */
    public KeyFixture labelledKey(TenantFixture tenant, String label) {
        return key(tenant, 100_000, List.of("inference:invoke"), List.of(), null, label);
    }

    private KeyFixture key(
            TenantFixture tenant,
            int perMinute,
            List<String> scopes,
            List<String> allowed,
            @Nullable Instant expiresAt,
            @Nullable String label) {
        String text = ApiKeyFormat.generate();
        ApiKeyFormat.Parsed parsed = ApiKeyFormat.parse(text).orElseThrow();
        registry.put(
                FeedKind.API_KEY,
                parsed.keyId(),
                new FeedApiKey(
                        parsed.keyId(),
                        tenant.id(),
                        tenant.project(),
                        parsed.secretHash(),
                        scopes,
                        allowed,
                        perMinute,
                        expiresAt,
                        label));
        return new KeyFixture(parsed.keyId(), text, tenant);
    }

    public void revoke(KeyFixture key) {
        registry.remove(FeedKind.API_KEY, key.id());
    }

    public PolicyId policy(
            TenantFixture tenant,
            PolicySubject subject,
            Unit unit,
            Window window,
            long amount,
            @Nullable Long burst,
            Mode mode) {
        PolicyId id = new PolicyId(UUID.randomUUID());
        String currency = unit == Unit.COST_MICROS ? "EUR" : null;
        put(
                new FeedPolicy(
                        id,
                        tenant.id(),
                        "test",
                        subject,
                        unit,
                        window,
                        amount,
                        burst,
                        mode,
                        currency));
        return id;
    }

    public PolicyId policy(TenantFixture tenant, Unit unit, Window window, long amount) {
        Long burst = window.isRate() ? Math.max(1, amount) : null;
        return policy(tenant, PolicySubject.TENANT, unit, window, amount, burst, Mode.HARD);
    }

    /** A list of one price for everything, which the tenant pays by. */
    public Price price(TenantFixture tenant, String currency, UnitPrices units) {
        PriceListId list = new PriceListId(UUID.randomUUID());
        Price price = new Price(new PriceId(UUID.randomUUID()), currency, units);
        registry.put(
                FeedKind.PRICE_LIST,
                list.toString(),
                new FeedPriceList(
                        list,
                        currency,
                        List.of(
                                new FeedPriceList.FeedPrice(
                                        price.id(), null, null, Instant.EPOCH, units))));
        registry.put(
                FeedKind.PRICE_ASSIGNMENT,
                tenant.id().toString(),
                new FeedPriceAssignment(tenant.id(), list));
        return price;
    }

    public void put(FeedPolicy policy) {
        registry.put(FeedKind.QUOTA_POLICY, policy.id().toString(), policy);
    }

    public void block(String principal) {
        registry.put(
                FeedKind.BLOCKED_PRINCIPAL,
                principal,
                new FeedBlockedPrincipal(principal, Instant.now()));
    }

    public ModelFixture model(
            TenantFixture owner,
            String name,
            Task task,
            Visibility visibility,
            List<TenantId> sharedWith,
            Map<String, Integer> aliases,
            int versions) {
        FeedModel model =
                new FeedModel(
                        new ModelId(UUID.randomUUID()),
                        owner.id(),
                        new ModelName(owner.slug(), name),
                        task,
                        visibility,
                        sharedWith,
                        aliases,
                        IntStream.rangeClosed(1, versions)
                                .mapToObj(number -> version(number, task))
                                .toList(),
                        Instant.parse("2026-01-02T03:04:05Z"));
        registry.put(FeedKind.MODEL, model.id().toString(), model);
        return new ModelFixture(model);
    }

    public ModelFixture model(TenantFixture owner, String name, Task task) {
        return model(owner, name, task, Visibility.PRIVATE, List.of(), Map.of(), 1);
    }

    private static FeedVersion version(int number, Task task) {
        Signature signature =
                task == Task.TEXT_GENERATION
                        ? Signature.UNKNOWN
                        : new Signature(
                                List.of(new TensorSpec("x", "FP32", List.of(-1L, 4L))),
                                List.of(
                                        new TensorSpec(
                                                "y",
                                                "FP32",
                                                List.of(
                                                        -1L,
                                                        (long) FakeInferenceNode.DIMENSIONS))));
        return new FeedVersion(
                new ModelVersionId(UUID.randomUUID()),
                number,
                task == Task.TEXT_GENERATION ? Framework.GGUF : Framework.ONNX,
                signature,
                VersionSettings.DEFAULT);
    }

    public FeedReplica replica(FeedVersion version, FakeInferenceNode node) {
        return replica(version, node, node.url().toString());
    }

    public FeedReplica replica(FeedVersion version, FakeInferenceNode node, String url) {
        FeedReplica replica =
                new FeedReplica(new PlacementId(UUID.randomUUID()), version.id(), node.id(), url);
        registry.put(FeedKind.REPLICA, replica.placementId().toString(), replica);
        return replica;
    }

    /** One that its node loads for the first call. */
    public FeedReplica unloadedReplica(FeedVersion version, FakeInferenceNode node) {
        FeedReplica replica =
                new FeedReplica(
                        new PlacementId(UUID.randomUUID()),
                        version.id(),
                        node.id(),
                        node.url().toString(),
                        true);
        registry.put(FeedKind.REPLICA, replica.placementId().toString(), replica);
        return replica;
    }

    /** Its node has loaded it. */
    public void loaded(FeedReplica replica) {
        registry.put(
                FeedKind.REPLICA,
                replica.placementId().toString(),
                new FeedReplica(
                        replica.placementId(),
                        replica.versionId(),
                        replica.nodeId(),
                        replica.nodeUrl()));
    }

    public void remove(FeedReplica replica) {
        registry.remove(FeedKind.REPLICA, replica.placementId().toString());
    }
}
