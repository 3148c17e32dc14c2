package dev.atrium.registry.apikey;

import dev.atrium.registry.api.apikey.ApiKey;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.tenancy.TenantService;
import java.util.UUID;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The platform sees which keys a tenant has, to set limits for them; it can do nothing else. */
@RestController
@PreAuthorize("hasAuthority('SCOPE_platform:admin')")
class AdminKeyController {
    private final ApiKeyService keys;
    private final TenantService tenants;

    AdminKeyController(ApiKeyService keys, TenantService tenants) {
        this.keys = keys;
        this.tenants = tenants;
    }

    @GetMapping("/api/v1/admin/tenants/{tenant}/api-keys")
    Page<ApiKey> list(@PathVariable UUID tenant, PageRequest page) {
        TenantId id = tenants.get(new TenantId(tenant)).id();
        return TenantScope.call(id, () -> keys.list(id, page));
    }
}
