package dev.atrium.registry.pricing;

import dev.atrium.registry.api.pricing.CreatePriceEntry;
import dev.atrium.registry.api.pricing.FreeUnits;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.pricing.PriceListId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.database.AdvisoryLock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of lists, prices and assignments, in a transaction of the platform. */
@Component
class PriceListStore {
    /** The newest assignment of each tenant, and of everybody. */
    private static final String LISTS =
            """
            WITH assigned AS (
                SELECT DISTINCT ON (tenant_id) tenant_id, list_id FROM price_assignment
                ORDER BY tenant_id, since DESC, id DESC)
            SELECT l.*,
                   EXISTS (SELECT FROM assigned a
                           WHERE a.tenant_id IS NULL AND a.list_id = l.id) AS default_list,
                   (SELECT count(*) FROM assigned a
                    WHERE a.tenant_id IS NOT NULL AND a.list_id = l.id) AS tenants
            FROM price_list l
            """;

    /** Neither withdrawn nor followed by another one that is in effect. */
    static final String LIVING =
            """
            p.withdrawn_at IS NULL AND NOT EXISTS (
                SELECT FROM price later
                WHERE later.list_id = p.list_id
                  AND later.model_name IS NOT DISTINCT FROM p.model_name
                  AND later.version IS NOT DISTINCT FROM p.version
                  AND later.withdrawn_at IS NULL
                  AND later.effective_from > p.effective_from AND later.effective_from <= ?)
            """;

    private static final String ENTRIES =
            "SELECT p.*, l.currency FROM price p JOIN price_list l ON l.id = p.list_id ";

    private final JdbcClient platform;

    PriceListStore(@Qualifier("platformJdbc") JdbcClient platform) {
        this.platform = platform;
    }

    /**
     * Until the transaction ends nobody else changes prices: what is published is what is there.
     */
    void lock() {
        platform.sql("SELECT pg_advisory_xact_lock(?)")
                .param(AdvisoryLock.PRICES.number())
                .query()
                .singleRow();
    }

    PriceListId insert(String name, String currency, String actor) {
        return new PriceListId(
                platform.sql(
                                """
                                INSERT INTO price_list (name, currency, created_by)
                                VALUES (?, ?, ?) RETURNING id
                                """)
                        .params(name, currency, actor)
                        .query(UUID.class)
                        .single());
    }

    Optional<PriceList> find(PriceListId id) {
        return platform.sql(LISTS + "WHERE l.id = ?")
                .param(id.value())
                .query(PriceRows::list)
                .optional();
    }

    /** Newest first. */
    List<PriceList> below(UUID below, int limit) {
        return platform.sql(LISTS + "WHERE l.id < ? ORDER BY l.id DESC LIMIT ?")
                .params(below, limit)
                .query(PriceRows::list)
                .list();
    }

    /** By which list a tenant pays, or everybody who has none; empty where that is not said. */
    Optional<PriceListId> assigned(@Nullable TenantId tenant) {
        return platform.sql(
                        """
                        SELECT list_id FROM price_assignment
                        WHERE tenant_id IS NOT DISTINCT FROM ?::uuid
                        ORDER BY since DESC, id DESC LIMIT 1
                        """)
                .params(Arrays.asList(tenant == null ? null : tenant.toString()))
                .query((row, number) -> Optional.ofNullable(row.getObject("list_id", UUID.class)))
                .optional()
                .flatMap(list -> list.map(PriceListId::new));
    }

    void assign(
            @Nullable TenantId tenant, @Nullable PriceListId list, Instant since, String actor) {
        platform.sql(
                        """
                        INSERT INTO price_assignment (tenant_id, list_id, since, assigned_by)
                        VALUES (?, ?, ?, ?)
                        """)
                .params(
                        Arrays.asList(
                                tenant == null ? null : tenant.value(),
                                list == null ? null : list.value(),
                                since.atOffset(ZoneOffset.UTC),
                                actor))
                .update();
    }

    PriceId insert(PriceListId list, CreatePriceEntry wish, Instant from, String actor) {
        FreeUnits free = Objects.requireNonNullElse(wish.prices().free(), FreeUnits.NONE);
        return new PriceId(
                platform.sql(
                                """
                                INSERT INTO price (
                                    list_id, model_name, version, effective_from, requests,
                                    input_tokens, output_tokens, compute_millis, images,
                                    audio_millis, free_requests, free_input_tokens,
                                    free_output_tokens, free_compute_millis, free_images,
                                    free_audio_millis, created_by)
                                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                                RETURNING id
                                """)
                        .params(
                                Arrays.asList(
                                        list.value(),
                                        wish.model() == null ? null : wish.model().toString(),
                                        wish.version(),
                                        from.atOffset(ZoneOffset.UTC),
                                        wish.prices().requests(),
                                        wish.prices().inputTokens(),
                                        wish.prices().outputTokens(),
                                        wish.prices().computeMillis(),
                                        wish.prices().images(),
                                        wish.prices().audioMillis(),
                                        free.requests(),
                                        free.inputTokens(),
                                        free.outputTokens(),
                                        free.computeMillis(),
                                        free.images(),
                                        free.audioMillis(),
                                        actor))
                        .query(UUID.class)
                        .single());
    }

    Optional<PriceEntry> entry(PriceListId list, PriceId id) {
        return platform.sql(ENTRIES + "WHERE p.list_id = ? AND p.id = ? AND withdrawn_at IS NULL")
                .params(list.value(), id.value())
                .query(PriceRows::entry)
                .optional();
    }

    /** Newest first, former ones too. */
    List<PriceEntry> entriesBelow(PriceListId list, UUID below, int limit) {
        return platform.sql(
                        ENTRIES
                                + "WHERE p.list_id = ? AND p.id < ? AND p.withdrawn_at IS NULL"
                                + " ORDER BY p.id DESC LIMIT ?")
                .params(list.value(), below, limit)
                .query(PriceRows::entry)
                .list();
    }

    /** Those that are in effect or will be. */
    List<PriceEntry> living(PriceListId list, Instant now) {
        return platform.sql(ENTRIES + "WHERE p.list_id = ? AND " + LIVING + " ORDER BY p.id")
                .params(list.value(), now.atOffset(ZoneOffset.UTC))
                .query(PriceRows::entry)
                .list();
    }

    void withdraw(PriceId id, Instant now) {
        platform.sql("UPDATE price SET withdrawn_at = ? WHERE id = ?")
                .params(now.atOffset(ZoneOffset.UTC), id.value())
                .update();
    }
}
