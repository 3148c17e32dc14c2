package dev.atrium.registry.quota.policy;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.CreatePolicy;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.UpdatePolicy;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import java.util.UUID;
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

/** A tenant's own policies, and those the platform set for it. */
@RestController
@RequestMapping("/api/v1/quota-policies")
class PolicyController {
    static final String READ = "hasAnyAuthority('SCOPE_quota:admin', 'SCOPE_usage:read')";
    private static final String CHANGE = "hasAuthority('SCOPE_quota:admin')";

    private final PolicyService policies;

    PolicyController(PolicyService policies) {
        this.policies = policies;
    }

    @GetMapping
    @PreAuthorize(READ)
    Page<Policy> list(Caller caller, PageRequest page) {
        return policies.list(caller.tenantId(), page);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @PreAuthorize(CHANGE)
    Policy create(Caller caller, @RequestBody CreatePolicy wish) {
        return policies.create(caller.tenantId(), Origin.TENANT, caller, wish);
    }

    @GetMapping("/{id}")
    @PreAuthorize(READ)
    Policy get(Caller caller, @PathVariable UUID id) {
        return policies.get(caller.tenantId(), new PolicyId(id));
    }

    @PutMapping("/{id}")
    @PreAuthorize(CHANGE)
    Policy update(Caller caller, @PathVariable UUID id, @RequestBody UpdatePolicy wish) {
        return policies.update(caller.tenantId(), Origin.TENANT, new PolicyId(id), wish);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @PreAuthorize(CHANGE)
    void delete(Caller caller, @PathVariable UUID id) {
        policies.delete(caller.tenantId(), Origin.TENANT, new PolicyId(id));
    }
}
