package dev.atrium.portal.registry;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.CreatePolicy;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.quota.UpdatePolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** The policies of one tenant, where they stand, and what happened to them. */
public final class TenantQuotas {
    private final RegistryHttp http;
    private final String base;

    TenantQuotas(RegistryHttp http, String base) {
        this.http = http;
        this.base = base;
    }

    /** The closest to its limit first. */
    public Page<PolicyStatus> status(@Nullable String cursor) {
        return http.get(
                Query.of(base + "/status").with("cursor", cursor).toString(),
                new TypeReference<>() {});
    }

    /** As many of the closest as one answer holds. */
    public List<PolicyStatus> closest() {
        Page<PolicyStatus> page =
                http.get(
                        Query.of(base + "/status")
                                .with("limit", RegistryHttp.LARGEST_PAGE)
                                .toString(),
                        new TypeReference<>() {});
        return page.items();
    }

    public List<PolicyStatus> allStatus() {
        return http.all(base + "/status", new TypeReference<>() {});
    }

    /** Newest first. */
    public Page<QuotaEvent> events(int limit, @Nullable String cursor) {
        return http.get(
                Query.of(base + "/events").with("limit", limit).with("cursor", cursor).toString(),
                new TypeReference<>() {});
    }

    public Policy get(PolicyId id) {
        return http.get(base + "/" + id, new TypeReference<>() {});
    }

    public Policy create(CreatePolicy request) {
        return http.send("POST", base, request, new TypeReference<>() {});
    }

    public Policy update(PolicyId id, UpdatePolicy change) {
        return http.send("PUT", base + "/" + id, change, new TypeReference<>() {});
    }

    public void delete(PolicyId id) {
        http.send("DELETE", base + "/" + id, null);
    }
}
