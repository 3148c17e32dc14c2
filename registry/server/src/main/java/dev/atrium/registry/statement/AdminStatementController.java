package dev.atrium.registry.statement;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.statement.Adjustment;
import dev.atrium.registry.api.statement.CreateAdjustment;
import dev.atrium.registry.api.statement.Statement;
import dev.atrium.registry.api.statement.StatementSummary;
import dev.atrium.registry.api.statement.StatementVerification;
import dev.atrium.registry.api.statement.VerifyStatements;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.tenancy.TenantService;
import java.time.LocalDate;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The platform reads any tenant's statements, verifies them and posts what sets them right. */
@RestController
@RequestMapping("/api/v1/admin/tenants/{tenant}")
@PreAuthorize("hasAuthority('SCOPE_platform:admin')")
class AdminStatementController {
    private final StatementReader reader;
    private final AdjustmentService adjustments;
    private final Verifier verifier;
    private final TenantService tenants;

    AdminStatementController(
            StatementReader reader,
            AdjustmentService adjustments,
            Verifier verifier,
            TenantService tenants) {
        this.reader = reader;
        this.adjustments = adjustments;
        this.verifier = verifier;
        this.tenants = tenants;
    }

    @GetMapping("/statements")
    Page<StatementSummary> list(
            @PathVariable UUID tenant,
            @RequestParam(required = false) @Nullable LocalDate from,
            @RequestParam(required = false) @Nullable LocalDate to,
            PageRequest page) {
        return in(tenant, id -> reader.list(id, from, to, page));
    }

    @GetMapping("/statements/{day}")
    Statement get(@PathVariable UUID tenant, @PathVariable LocalDate day) {
        return in(tenant, id -> reader.get(id, day));
    }

    @PostMapping("/statements/verification")
    StatementVerification verify(@PathVariable UUID tenant, @RequestBody VerifyStatements wish) {
        return verifier.verify(tenants.get(new TenantId(tenant)).id(), wish);
    }

    @GetMapping("/usage/adjustments")
    Page<Adjustment> adjustments(@PathVariable UUID tenant, PageRequest page) {
        return in(tenant, id -> adjustments.list(id, page));
    }

    @PostMapping("/usage/adjustments")
    @ResponseStatus(HttpStatus.CREATED)
    Adjustment adjust(
            Caller caller, @PathVariable UUID tenant, @RequestBody CreateAdjustment wish) {
        TenantId id = tenants.get(new TenantId(tenant)).id();
        return adjustments.post(id, caller.actor(), wish);
    }

    private <T> T in(UUID tenant, Function<TenantId, T> work) {
        TenantId id = tenants.get(new TenantId(tenant)).id();
        return TenantScope.call(id, () -> work.apply(id));
    }
}
