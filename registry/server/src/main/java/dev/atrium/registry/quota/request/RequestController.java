package dev.atrium.registry.quota.request;

import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.CreateQuotaRequest;
import dev.atrium.registry.api.quota.DecideQuotaRequest;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.QuotaRequestId;
import dev.atrium.registry.api.quota.RequestState;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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

/** Requests of the caller's tenant: one's own, and for owners everybody's. */
@RestController
@RequestMapping("/api/v1/quota-requests")
class RequestController {
    private static final String READ = "hasAnyAuthority('SCOPE_usage:read', 'SCOPE_quota:admin')";

    private final RequestService requests;
    private final DecisionService decisions;

    RequestController(RequestService requests, DecisionService decisions) {
        this.requests = requests;
        this.decisions = decisions;
    }

    @GetMapping
    @PreAuthorize(READ)
    Page<QuotaRequest> list(
            Caller caller,
            @RequestParam(required = false) @Nullable RequestState state,
            @RequestParam(defaultValue = "false") boolean mine,
            PageRequest page) {
        boolean everybodys = caller.may(Scope.QUOTA_ADMIN) && !mine;
        return requests.list(
                new RequestFilter(
                        caller.tenantId(), everybodys ? null : caller.principalId(), state, null),
                page);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @PreAuthorize("hasAuthority('SCOPE_inference:invoke')")
    QuotaRequest ask(Caller caller, @RequestBody CreateQuotaRequest wish) {
        return requests.ask(caller, wish);
    }

    @GetMapping("/{id}")
    @PreAuthorize(READ)
    QuotaRequest get(Caller caller, @PathVariable UUID id) {
        return requests.get(caller, new QuotaRequestId(id));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @PreAuthorize(READ)
    void withdraw(Caller caller, @PathVariable UUID id) {
        requests.withdraw(caller, new QuotaRequestId(id));
    }

    @PutMapping("/{id}/read")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @PreAuthorize(READ)
    void markRead(Caller caller, @PathVariable UUID id) {
        requests.markRead(caller, new QuotaRequestId(id));
    }

    @PostMapping("/{id}/decision")
    @PreAuthorize("hasAuthority('SCOPE_quota:admin')")
    QuotaRequest decide(
            Caller caller, @PathVariable UUID id, @RequestBody DecideQuotaRequest wish) {
        return decisions.decide(
                caller.tenantId(), Origin.TENANT, caller, new QuotaRequestId(id), wish);
    }
}
