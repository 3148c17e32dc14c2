package dev.atrium.registry.usage.report;

import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.UsageSums;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.error.InvalidRequestException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * A tenant's sums for a gateway, which answers for it that its caller belongs to the tenant and may
 * read them. Asked as that tenant: row level security knows no other one's.
 */
@RestController
@RequestMapping("/internal/v1/usage/sums")
class GatewayReportController {
    private static final int MOST = 5_000;

    private final HourlySums sums;
    private final UsagePages pages;
    private final Clock clock;

    GatewayReportController(HourlySums sums, UsagePages pages, Clock clock) {
        this.sums = sums;
        this.pages = pages;
        this.clock = clock;
    }

    /** Days in UTC unless the question says otherwise. */
    @GetMapping
    UsageSums first(
            @RequestParam UUID tenant,
            @RequestParam(defaultValue = "" + MOST) int most,
            Question question) {
        if (most < 1 || most > MOST) {
            throw new InvalidRequestException("'most' is " + most + " but must be 1 to " + MOST);
        }
        TenantId id = new TenantId(tenant);
        Report report = Report.of(question, List.of(), ZoneOffset.UTC, clock.instant());
        return TenantScope.call(
                id,
                () ->
                        pages.first(
                                report,
                                most,
                                (after, count) -> sums.ofTenant(id, report, after, count)));
    }
}
