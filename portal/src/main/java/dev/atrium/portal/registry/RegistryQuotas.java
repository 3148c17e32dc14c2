package dev.atrium.portal.registry;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.tenancy.TenantId;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** Limits of the user's tenant; for platform admins those of every tenant. */
@Component
public class RegistryQuotas {
    private final RegistryHttp http;

    RegistryQuotas(RegistryHttp http) {
        this.http = http;
    }

    public TenantQuotas own() {
        return new TenantQuotas(http, "/quota-policies");
    }

    public TenantQuotas of(TenantId tenant) {
        return new TenantQuotas(http, "/admin/tenants/" + tenant + "/quota-policies");
    }

    /** Over all tenants, the closest first. */
    public Page<PolicyStatus> closest(int minPercent, @Nullable String cursor) {
        return http.get(
                Query.of("/admin/quota-policies/status")
                        .with("minPercent", minPercent)
                        .with("cursor", cursor)
                        .toString(),
                new TypeReference<>() {});
    }
}
