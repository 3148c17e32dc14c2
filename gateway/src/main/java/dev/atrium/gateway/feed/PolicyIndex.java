package dev.atrium.gateway.feed;

import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The quota policies as they came, and by tenant. Only tenants of which something has come are put
 * in order again, so that a new key of one that has many costs the others nothing.
 */
final class PolicyIndex {
    private final Map<String, TenantId> tenants = new HashMap<>();
    private final Map<TenantId, Map<String, FeedPolicy>> byTenant = new HashMap<>();
    private final Set<TenantId> changed = new HashSet<>();
    private Map<TenantId, TenantPolicies> ordered = Map.of();

    void put(String id, FeedPolicy policy) {
        remove(id);
        tenants.put(id, policy.tenantId());
        byTenant.computeIfAbsent(policy.tenantId(), tenant -> new HashMap<>()).put(id, policy);
        changed.add(policy.tenantId());
    }

    void remove(String id) {
        TenantId former = tenants.remove(id);
        if (former != null) {
            byTenant.computeIfPresent(
                    former,
                    (tenant, all) -> {
                        all.remove(id);
                        return all.isEmpty() ? null : all;
                    });
            changed.add(former);
        }
    }

    void clear() {
        changed.addAll(byTenant.keySet());
        tenants.clear();
        byTenant.clear();
    }

    Map<TenantId, TenantPolicies> byTenant() {
        if (changed.isEmpty()) {
            return ordered;
        }
        Map<TenantId, TenantPolicies> next = new HashMap<>(ordered);
        for (TenantId tenant : changed) {
            Map<String, FeedPolicy> all = byTenant.get(tenant);
            if (all == null) {
                next.remove(tenant);
            } else {
                next.put(tenant, new TenantPolicies(all.values()));
            }
        }
        changed.clear();
        ordered = Map.copyOf(next);
        return ordered;
    }
}
