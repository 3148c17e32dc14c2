package dev.atrium.registry.usage;

import dev.atrium.registry.api.usage.Reconciliation;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/admin/usage")
@PreAuthorize("hasAuthority('SCOPE_platform:admin')")
class AdminUsageController {
    private final Reconciler reconciler;
    private final Clock clock;

    AdminUsageController(Reconciler reconciler, Clock clock) {
        this.reconciler = reconciler;
        this.clock = clock;
    }

    @GetMapping("/reconciliation")
    Reconciliation reconciliation(
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(required = false) @Nullable UUID versionId) {
        return reconciler.reconcile(Span.of(from, to, clock.instant()), versionId);
    }
}
