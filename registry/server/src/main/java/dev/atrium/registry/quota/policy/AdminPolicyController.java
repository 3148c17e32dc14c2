package dev.atrium.registry.quota.policy;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.CreatePolicy;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.quota.UpdatePolicy;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.tenancy.TenantService;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The platform acts in the named tenant and sees, row by row, what that tenant sees. */
@RestController
@RequestMapping("/api/v1/admin/tenants/{tenant}/quota-policies")
@PreAuthorize("hasAuthority('SCOPE_platform:admin')")
class AdminPolicyController {
    private final PolicyService policies;
    private final StatusReader reader;
    private final TenantService tenants;

    AdminPolicyController(PolicyService policies, StatusReader reader, TenantService tenants) {
        this.policies = policies;
        this.reader = reader;
        this.tenants = tenants;
    }

    @GetMapping
    Page<Policy> list(@PathVariable UUID tenant, PageRequest page) {
        return in(tenant, id -> policies.list(id, page));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Policy create(Caller caller, @PathVariable UUID tenant, @RequestBody CreatePolicy wish) {
        return in(tenant, id -> policies.create(id, Origin.PLATFORM, caller, wish));
    }

    @GetMapping("/status")
    Page<PolicyStatus> status(@PathVariable UUID tenant, PageRequest page) {
        return in(tenant, id -> reader.ofTenant(id, page));
    }

    @GetMapping("/events")
    Page<QuotaEvent> events(@PathVariable UUID tenant, PageRequest page) {
        return in(tenant, id -> reader.events(id, page));
    }

    @GetMapping("/{policy}")
    Policy get(@PathVariable UUID tenant, @PathVariable UUID policy) {
        return in(tenant, id -> policies.get(id, new PolicyId(policy)));
    }

    @PutMapping("/{policy}")
    Policy update(
            @PathVariable UUID tenant, @PathVariable UUID policy, @RequestBody UpdatePolicy wish) {
        return in(tenant, id -> policies.update(id, Origin.PLATFORM, new PolicyId(policy), wish));
    }

    @DeleteMapping("/{policy}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable UUID tenant, @PathVariable UUID policy) {
        in(
                tenant,
                id -> {
                    policies.delete(id, Origin.PLATFORM, new PolicyId(policy));
                    return id;
                });
    }

    private <T> T in(UUID tenant, Function<TenantId, T> work) {
        TenantId id = tenants.get(new TenantId(tenant)).id();
        return TenantScope.call(id, () -> work.apply(id));
    }
}
