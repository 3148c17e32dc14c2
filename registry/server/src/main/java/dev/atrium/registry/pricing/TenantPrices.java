package dev.atrium.registry.pricing;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.pricing.FreeUse;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Prices as the tenant in scope sees them: those by which it pays. */
@Service
public class TenantPrices {
    /** Of the tenant and of everybody; a tenant's own list may be none (any more). */
    private static final String LISTS =
            """
            WITH own AS (
                SELECT list_id FROM price_assignment WHERE tenant_id = ?
                ORDER BY since DESC, id DESC LIMIT 1
            ), general AS (
                SELECT list_id FROM price_assignment WHERE tenant_id IS NULL
                ORDER BY since DESC, id DESC LIMIT 1
            ), pays AS (
                SELECT coalesce((SELECT list_id FROM own), (SELECT list_id FROM general)) AS list_id
            )
            """;

    private final JdbcClient jdbc;
    private final Paging paging;
    private final Clock clock;

    TenantPrices(JdbcClient jdbc, Paging paging, Clock clock) {
        this.jdbc = jdbc;
        this.paging = paging;
        this.clock = clock;
    }

    /** In which currency the tenant pays; empty where no list is meant for it. */
    @Transactional(readOnly = true)
    public Optional<String> currencyOf(TenantId tenant) {
        return jdbc.sql(LISTS + "SELECT l.currency FROM pays JOIN price_list l ON l.id = list_id")
                .param(tenant.value())
                .query(String.class)
                .optional();
    }

    /** Those in effect and to come, newest first; everybody's where they are in one currency. */
    @Transactional(readOnly = true)
    public Page<PriceEntry> list(TenantId tenant, PageRequest request) {
        Window window = paging.window("own-prices", request);
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        List<PriceEntry> rows =
                jdbc.sql(
                                LISTS
                                        + """
                                        SELECT p.*, l.currency
                                        FROM pays JOIN price_list paid ON paid.id = pays.list_id
                                             JOIN price_list l ON l.currency = paid.currency
                                             JOIN price p ON p.list_id = l.id
                                        WHERE (l.id = paid.id
                                               OR l.id = (SELECT list_id FROM general))
                                          AND p.id < ? AND
                                        """
                                        + PriceListStore.LIVING
                                        + " ORDER BY p.id DESC LIMIT ?")
                        .params(tenant.value(), window.below(), now, window.fetch())
                        .query(PriceRows::entry)
                        .list();
        return paging.page(window, rows, entry -> entry.id().toString(), entry -> entry);
    }

    /** What the tenant has had of free units in this month, by price. */
    @Transactional(readOnly = true)
    public List<FreeUse> freeUse(TenantId tenant) {
        return jdbc.sql(
                        """
                        SELECT p.*, u.price_id, u.month, u.requests AS used_requests,
                               u.input_tokens AS used_input, u.output_tokens AS used_output,
                               u.compute_millis AS used_millis, u.images AS used_images,
                               u.audio_millis AS used_audio
                        FROM tenant t JOIN price_free_use u ON u.tenant_id = t.id
                             JOIN price p ON p.id = u.price_id
                        WHERE t.id = ?
                          AND u.month = date_trunc('month', ?::timestamptz AT TIME ZONE t.time_zone)
                        ORDER BY u.price_id
                        """)
                .params(tenant.value(), clock.instant().atOffset(ZoneOffset.UTC))
                .query(PriceRows::freeUse)
                .list();
    }
}
