package dev.atrium.registry.usage.report;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.UsageSum;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.tenancy.ProjectService;
import dev.atrium.registry.tenancy.TenantService;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** A tenant's own sums. */
@RestController
@RequestMapping("/api/v1/usage")
@PreAuthorize("hasAuthority('SCOPE_usage:read')")
class ReportController {
    private static final String FOCUS = "focus-1.0";
    private static final int MOST_PROJECTS = 200;

    private final HourlySums sums;
    private final UsagePages pages;
    private final TenantService tenants;
    private final ProjectService projects;
    private final Clock clock;
    private final JsonMapper json;

    ReportController(
            HourlySums sums,
            UsagePages pages,
            TenantService tenants,
            ProjectService projects,
            Clock clock,
            JsonMapper json) {
        this.sums = sums;
        this.pages = pages;
        this.tenants = tenants;
        this.projects = projects;
        this.clock = clock;
        this.json = json;
    }

    @GetMapping
    Page<UsageSum> page(Caller caller, Question question, PageRequest page) {
        return pages.page(
                report(caller, question), page, report -> lines(caller.tenantId(), report));
    }

    /** The whole report, whatever {@code limit} and {@code cursor} say. */
    @GetMapping(produces = Spool.TYPE)
    void sheet(Caller caller, Question question, HttpServletResponse response) throws IOException {
        Report report = report(caller, question);
        Spool.send(
                response,
                Sheet.fileName("usage", report),
                csv -> Sheet.write(report, lines(caller.tenantId(), report), csv));
    }

    @GetMapping(value = "/export", produces = Spool.TYPE)
    void export(
            Caller caller,
            @RequestParam String format,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            HttpServletResponse response)
            throws IOException {
        if (!format.equals(FOCUS)) {
            throw new InvalidRequestException(
                    "'format' is '" + format + "' but can only be '" + FOCUS + "'");
        }
        Tenant tenant = tenants.get(caller.tenantId());
        Report report =
                Report.of(
                        new Question(
                                Focus.DIMENSIONS,
                                from,
                                to,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null),
                        List.of(),
                        ZoneOffset.UTC,
                        clock.instant());
        Focus focus = new Focus(report, tenant, projectNames(tenant.id()), json);
        Spool.send(
                response,
                Sheet.fileName(FOCUS, report),
                csv -> focus.write(lines(tenant.id(), report), csv));
    }

    private Report report(Caller caller, Question question) {
        // Splitting by tenants tells a tenant nothing that it does not know.
        ZoneId zone = ZoneId.of(tenants.get(caller.tenantId()).timeZone());
        return Report.of(question, List.of(), zone, clock.instant());
    }

    private Lines lines(TenantId tenant, Report report) {
        return (after, most) -> sums.ofTenant(tenant, report, after, most);
    }

    private Map<ProjectId, String> projectNames(TenantId tenant) {
        Map<ProjectId, String> names = new HashMap<>();
        @Nullable String cursor = null;
        do {
            var page = projects.list(tenant, new PageRequest(MOST_PROJECTS, cursor));
            page.items().forEach(project -> names.put(project.id(), project.name()));
            cursor = page.nextCursor();
        } while (cursor != null);
        return names;
    }
}
