package dev.atrium.registry.usage;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.usage.UsageBucket;
import dev.atrium.registry.api.usage.UsageGrouping;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/usage")
@PreAuthorize("hasAuthority('SCOPE_usage:read')")
class UsageController {
    private final UsageReader reader;
    private final Clock clock;

    UsageController(UsageReader reader, Clock clock) {
        this.reader = reader;
        this.clock = clock;
    }

    @GetMapping("/hourly")
    List<UsageBucket> hourly(
            Caller caller,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(defaultValue = "NONE") UsageGrouping groupBy) {
        return reader.hourly(caller.tenantId(), Span.of(from, to, clock.instant()), groupBy);
    }

    @GetMapping("/records")
    Page<UsageRecord> records(
            Caller caller,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            PageRequest page) {
        return reader.records(caller.tenantId(), Span.of(from, to, clock.instant()), page);
    }
}
