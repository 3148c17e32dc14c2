package dev.atrium.registry.audit;

import dev.atrium.registry.api.audit.AuditEntry;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.paging.PageRequest;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows a tenant's owners what was done in it. */
@RestController
class AuditController {
    private final AuditTrail trail;

    AuditController(AuditTrail trail) {
        this.trail = trail;
    }

    @GetMapping("/api/v1/audit")
    @PreAuthorize("hasAuthority('SCOPE_audit:read')")
    Page<AuditEntry> list(PageRequest page) {
        return trail.list(page);
    }
}
