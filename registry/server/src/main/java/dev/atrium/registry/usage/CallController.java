package dev.atrium.registry.usage;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.usage.CallDetails;
import dev.atrium.registry.api.usage.LoggedCall;
import dev.atrium.registry.api.usage.UnlistedRefusals;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The log of calls, those that were refused among them: newest first, and one by the id that its
 * answer carried.
 */
@RestController
@RequestMapping("/api/v1")
class CallController {
    private final CallLog log;
    private final Clock clock;

    CallController(CallLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    @GetMapping("/calls")
    @PreAuthorize("hasAuthority('SCOPE_usage:read')")
    Page<LoggedCall> list(
            Caller caller,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(required = false) @Nullable String principal,
            @RequestParam(required = false) @Nullable String model,
            @RequestParam(required = false) @Nullable String outcome,
            @RequestParam(required = false) @Nullable String code,
            @RequestParam(required = false) @Nullable String label,
            PageRequest page) {
        Span span = Span.of(from, to, clock.instant());
        CallFilter filter = CallFilter.of(principal, model, outcome, code, label);
        return log.list(caller.tenantId(), span, filter, page);
    }

    @GetMapping("/calls/unlisted")
    @PreAuthorize("hasAuthority('SCOPE_usage:read')")
    Page<UnlistedRefusals> unlisted(
            Caller caller,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(required = false) @Nullable String code,
            PageRequest page) {
        return log.unlisted(caller.tenantId(), Span.of(from, to, clock.instant()), code, page);
    }

    @GetMapping("/calls/{callId}")
    @PreAuthorize("hasAuthority('SCOPE_usage:read')")
    CallDetails get(Caller caller, @PathVariable UUID callId) {
        return log.ofTenant(caller.tenantId(), callId);
    }

    @GetMapping("/admin/calls/{callId}")
    @PreAuthorize("hasAuthority('SCOPE_platform:admin')")
    CallDetails getOfAny(@PathVariable UUID callId) {
        return log.ofPlatform(callId);
    }
}
