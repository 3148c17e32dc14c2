package dev.atrium.registry.usage.report;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.usage.UsageSum;
import dev.atrium.registry.paging.PageRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The same of all tenants. */
@RestController
@RequestMapping("/api/v1/admin/usage")
@PreAuthorize("hasAuthority('SCOPE_platform:admin')")
class AdminReportController {
    private final HourlySums sums;
    private final UsagePages pages;
    private final Clock clock;

    AdminReportController(HourlySums sums, UsagePages pages, Clock clock) {
        this.sums = sums;
        this.pages = pages;
        this.clock = clock;
    }

    @GetMapping
    Page<UsageSum> page(
            @RequestParam(required = false) @Nullable List<UUID> tenant,
            Question question,
            PageRequest page) {
        return pages.page(report(tenant, question), page, this::lines);
    }

    /** The whole report, whatever {@code limit} and {@code cursor} say. */
    @GetMapping(produces = Spool.TYPE)
    void sheet(
            @RequestParam(required = false) @Nullable List<UUID> tenant,
            Question question,
            HttpServletResponse response)
            throws IOException {
        Report report = report(tenant, question);
        Spool.send(
                response,
                Sheet.fileName("usage", report),
                csv -> Sheet.write(report, lines(report), csv));
    }

    private Report report(@Nullable List<UUID> tenant, Question question) {
        return Report.of(
                question, tenant == null ? List.of() : tenant, ZoneOffset.UTC, clock.instant());
    }

    private Lines lines(Report report) {
        return (after, most) -> sums.ofPlatform(report, after, most);
    }
}
