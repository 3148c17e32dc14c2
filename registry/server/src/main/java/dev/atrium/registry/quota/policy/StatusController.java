package dev.atrium.registry.quota.policy;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Where policies stand. */
@RestController
@RequestMapping("/api/v1")
class StatusController {
    private final StatusReader reader;

    StatusController(StatusReader reader) {
        this.reader = reader;
    }

    @GetMapping("/quota-policies/status")
    @PreAuthorize(PolicyController.READ)
    Page<PolicyStatus> status(Caller caller, PageRequest page) {
        return reader.ofTenant(caller.tenantId(), page);
    }

    @GetMapping("/quota-policies/events")
    @PreAuthorize(PolicyController.READ)
    Page<QuotaEvent> events(Caller caller, PageRequest page) {
        return reader.events(caller.tenantId(), page);
    }

    @GetMapping("/admin/quota-policies/status")
    @PreAuthorize("hasAuthority('SCOPE_platform:admin')")
    Page<PolicyStatus> statusOfAll(
            @RequestParam(defaultValue = "0") int minPercent, PageRequest page) {
        return reader.ofAll(minPercent, page);
    }
}
