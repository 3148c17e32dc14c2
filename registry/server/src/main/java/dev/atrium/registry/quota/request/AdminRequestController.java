package dev.atrium.registry.quota.request;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.DecideQuotaRequest;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.QuotaRequestId;
import dev.atrium.registry.api.quota.RequestState;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Requests of all tenants; the platform decides in the tenant of the request. */
@RestController
@RequestMapping("/api/v1/admin/quota-requests")
@PreAuthorize("hasAuthority('SCOPE_platform:admin')")
class AdminRequestController {
    private final RequestService requests;
    private final DecisionService decisions;
    private final RequestStore store;

    AdminRequestController(RequestService requests, DecisionService decisions, RequestStore store) {
        this.requests = requests;
        this.decisions = decisions;
        this.store = store;
    }

    @GetMapping
    Page<QuotaRequest> list(
            @RequestParam(required = false) @Nullable RequestState state,
            @RequestParam(required = false) @Nullable Origin origin,
            PageRequest page) {
        return requests.listAll(new RequestFilter(null, null, state, origin), page);
    }

    @GetMapping("/{id}")
    QuotaRequest get(@PathVariable UUID id) {
        QuotaRequestId request = new QuotaRequestId(id);
        TenantId tenant = tenantOf(request);
        return TenantScope.call(tenant, () -> requests.get(tenant, request));
    }

    @PostMapping("/{id}/decision")
    QuotaRequest decide(
            Caller caller, @PathVariable UUID id, @RequestBody DecideQuotaRequest wish) {
        QuotaRequestId request = new QuotaRequestId(id);
        TenantId tenant = tenantOf(request);
        return TenantScope.call(
                tenant, () -> decisions.decide(tenant, Origin.PLATFORM, caller, request, wish));
    }

    private TenantId tenantOf(QuotaRequestId request) {
        return store.tenantOf(request).orElseThrow(RequestNotFoundException::new);
    }
}
