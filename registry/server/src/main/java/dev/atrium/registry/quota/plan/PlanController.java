package dev.atrium.registry.quota.plan;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.ApplyPlan;
import dev.atrium.registry.api.quota.CreatePlan;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanId;
import dev.atrium.registry.api.quota.PlanPreview;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.UpdatePlan;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.tenancy.TenantService;
import java.util.List;
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
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The platform's plans, and their application to tenants. */
@RestController
@RequestMapping("/api/v1/admin")
@PreAuthorize("hasAuthority('SCOPE_platform:admin')")
class PlanController {
    private final PlanService plans;
    private final PlanApplication application;
    private final TenantService tenants;

    PlanController(PlanService plans, PlanApplication application, TenantService tenants) {
        this.plans = plans;
        this.application = application;
        this.tenants = tenants;
    }

    @GetMapping("/quota-plans")
    Page<Plan> list(PageRequest page) {
        return plans.list(page);
    }

    @PostMapping("/quota-plans")
    @ResponseStatus(HttpStatus.CREATED)
    Plan create(Caller caller, @RequestBody CreatePlan wish) {
        return plans.create(wish, caller);
    }

    @GetMapping("/quota-plans/{id}")
    Plan get(@PathVariable UUID id) {
        return plans.get(new PlanId(id));
    }

    @PutMapping("/quota-plans/{id}")
    Plan update(@PathVariable UUID id, @RequestBody UpdatePlan wish) {
        return plans.update(new PlanId(id), wish);
    }

    @DeleteMapping("/quota-plans/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable UUID id) {
        plans.delete(new PlanId(id));
    }

    @GetMapping("/tenants/{tenant}/quota-plan/preview")
    PlanPreview preview(@PathVariable UUID tenant, @RequestParam UUID plan) {
        TenantId id = tenants.get(new TenantId(tenant)).id();
        Plan wanted = plans.get(new PlanId(plan));
        return TenantScope.call(id, () -> application.preview(id, wanted));
    }

    @PutMapping("/tenants/{tenant}/quota-plan")
    List<Policy> apply(Caller caller, @PathVariable UUID tenant, @RequestBody ApplyPlan wish) {
        TenantId id = tenants.get(new TenantId(tenant)).id();
        Plan wanted = plans.get(wish.planId());
        return TenantScope.call(id, () -> application.apply(id, wanted, wish.digest(), caller));
    }
}
