package dev.atrium.gateway.feed;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.api.feed.FeedReplica;
import dev.atrium.registry.api.feed.FeedTenant;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One consistent state of everything but keys; immutable, so that a call sees the same world from
 * its first step to its last.
 */
public final class Snapshot {
    static final Snapshot EMPTY =
            new Snapshot(Map.of(), Map.of(), Map.of(), Map.of(), Set.of(), Map.of(), Prices.NONE);

    private final Map<TenantId, FeedTenant> tenants;
    private final Map<ModelName, FeedModel> models;
    private final Map<ModelVersionId, List<FeedReplica>> replicas;
    private final Map<ModelVersionId, List<FeedReplica>> unloaded;
    private final Set<String> blocked;
    private final Map<TenantId, TenantPolicies> policies;
    private final Prices prices;

    Snapshot(
            Map<TenantId, FeedTenant> tenants,
            Map<ModelName, FeedModel> models,
            Map<ModelVersionId, List<FeedReplica>> replicas,
            Map<ModelVersionId, List<FeedReplica>> unloaded,
            Set<String> blocked,
            Map<TenantId, TenantPolicies> policies,
            Prices prices) {
        this.tenants = tenants;
        this.models = models;
        this.replicas = replicas;
        this.unloaded = unloaded;
        this.blocked = blocked;
        this.policies = policies;
        this.prices = prices;
    }

    public Optional<FeedTenant> tenant(TenantId id) {
        return Optional.ofNullable(tenants.get(id));
    }

    public Optional<FeedModel> model(ModelName name) {
        return Optional.ofNullable(models.get(name));
    }

    /** Quota policies of a tenant; none for most tenants. */
    public TenantPolicies policies(TenantId tenant) {
        return policies.getOrDefault(tenant, TenantPolicies.NONE);
    }

    /** What a call of this version costs this tenant at this time; null where nothing says so. */
    public @Nullable Price price(TenantId tenant, ModelName model, int version, Instant time) {
        return prices.of(tenant, model, version, time);
    }

    public Collection<FeedModel> models() {
        return models.values();
    }

    /** READY replicas of a version; empty when there is none. */
    public List<FeedReplica> replicas(ModelVersionId version) {
        return replicas.getOrDefault(version, List.of());
    }

    /** Replicas of a version that a call has loaded; empty when there is none. */
    public List<FeedReplica> unloaded(ModelVersionId version) {
        return unloaded.getOrDefault(version, List.of());
    }

    /** Nodes that calls may go to. */
    Set<NodeId> nodes() {
        return all().map(FeedReplica::nodeId).collect(Collectors.toUnmodifiableSet());
    }

    /** The placement of every replica that calls may go to. */
    public Set<PlacementId> placements() {
        return all().map(FeedReplica::placementId).collect(Collectors.toUnmodifiableSet());
    }

    private Stream<FeedReplica> all() {
        return Stream.concat(replicas.values().stream(), unloaded.values().stream())
                .flatMap(List::stream);
    }

    public boolean isReady(ModelVersionId version) {
        return replicas.containsKey(version);
    }

    /** Whether calls of the version go somewhere, if only to have it loaded. */
    public boolean isCallable(ModelVersionId version) {
        return replicas.containsKey(version) || unloaded.containsKey(version);
    }

    /** Whether tokens of this principal are stopped, everywhere or in this tenant. */
    public boolean isBlocked(TenantId tenant, String principalId) {
        return blocked.contains(principalId) || blocked.contains(tenant + "/" + principalId);
    }
}
