package dev.atrium.portal.registry;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.ApplyPlan;
import dev.atrium.registry.api.quota.CreatePlan;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanId;
import dev.atrium.registry.api.quota.PlanPreview;
import dev.atrium.registry.api.quota.UpdatePlan;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** Plans of the platform, and their application to tenants. */
@Component
public class RegistryPlans {
    private static final String PLANS = "/admin/quota-plans";

    private final RegistryHttp http;

    RegistryPlans(RegistryHttp http) {
        this.http = http;
    }

    public Page<Plan> list(@Nullable String cursor) {
        return http.get(
                Query.of(PLANS).with("cursor", cursor).toString(), new TypeReference<>() {});
    }

    public Optional<Plan> find(PlanId id) {
        try {
            return Optional.of(http.get(PLANS + "/" + id, new TypeReference<Plan>() {}));
        } catch (RegistryException e) {
            if (e.is(ErrorCode.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    public Plan create(CreatePlan request) {
        return http.send("POST", PLANS, request, new TypeReference<>() {});
    }

    public Plan update(PlanId id, UpdatePlan change) {
        return http.send("PUT", PLANS + "/" + id, change, new TypeReference<>() {});
    }

    public void delete(PlanId id) {
        http.send("DELETE", PLANS + "/" + id, null);
    }

    /** What applying it would do now. */
    public PlanPreview preview(PlanId plan, TenantId tenant) {
        return http.get(
                Query.of(path(tenant) + "/preview").with("plan", plan).toString(),
                new TypeReference<>() {});
    }

    public void apply(TenantId tenant, ApplyPlan request) {
        http.send("PUT", path(tenant), request);
    }

    private static String path(TenantId tenant) {
        return "/admin/tenants/" + tenant + "/quota-plan";
    }
}
