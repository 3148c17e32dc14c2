package dev.atrium.registry.statement;

import dev.atrium.registry.api.statement.Figures;
import dev.atrium.registry.api.statement.StatementDocument.Sides;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.usage.MediaColumns;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Gateways, nodes and ledger beside each other. A node's account names no tenant, so it belongs to
 * whom the ledger's call belongs; accounts of calls that the ledger does not have are in the
 * platform's reconciliation.
 */
@Component
class SideBySide {
    private record Nodes(Figures figures, long missing, long otherFigures) {}

    private final JdbcClient platform;
    private final Sums sums;

    SideBySide(@Qualifier("platformJdbc") JdbcClient platform, Sums sums) {
        this.platform = platform;
        this.sums = sums;
    }

    Sides of(TenantId tenant, LocalDate day) {
        Map<String, Figures> sources = sums.sources(tenant, day);
        Nodes nodes = nodes(tenant, day);
        return new Sides(
                sources.getOrDefault("GATEWAY", Figures.NONE),
                sources.getOrDefault("NODE", Figures.NONE),
                nodes.figures(),
                nodes.missing(),
                nodes.otherFigures(),
                openOrphans(tenant, day),
                lateAccounts(tenant, day));
    }

    private Nodes nodes(TenantId tenant, LocalDate day) {
        return platform.sql(
                        """
                        SELECT count(a.call_id) AS calls,
                               least(9000000000000000000, coalesce(sum(a.input_tokens), 0))::bigint AS input_tokens,
                               least(9000000000000000000, coalesce(sum(a.output_tokens), 0))::bigint AS output_tokens,
                               least(9000000000000000000, coalesce(sum(a.compute_micros), 0))::bigint AS compute_micros,
                               %s,
                               count(*) FILTER (WHERE a.call_id IS NULL AND r.node_id IS NOT NULL)
                                   AS missing,
                               count(*) FILTER (
                                   WHERE (r.input_tokens, r.output_tokens, r.compute_micros,
                                          coalesce(r.images, 0), coalesce(r.audio_millis, 0))
                                      <> (a.input_tokens, a.output_tokens, a.compute_micros,
                                          coalesce(a.images, 0), coalesce(a.audio_millis, 0)))
                                   AS other_figures
                        FROM usage_record r LEFT JOIN LATERAL (
                            SELECT * FROM node_usage u WHERE u.call_id = r.call_id
                            ORDER BY u.attempt DESC LIMIT 1) a ON true
                        WHERE r.tenant_id = ? AND r.day = ? AND NOT EXISTS (
                            SELECT FROM usage_late l WHERE l.day = r.day AND l.call_id = r.call_id)
                        """
                                .formatted(MediaColumns.sums("a")))
                .params(tenant.value(), day)
                .query((row, number) ->
                        new Nodes(
                                new Figures(
                                        row.getLong("calls"),
                                        row.getLong("input_tokens"),
                                        row.getLong("output_tokens"),
                                        row.getLong("compute_micros"),
                                        List.of(),
                                        MediaColumns.of(row)),
                                row.getLong("missing"),
                                row.getLong("other_figures")))
                .single();
    }

    private long openOrphans(TenantId tenant, LocalDate day) {
        return platform.sql(
                        """
                        SELECT count(*) FROM usage_orphan
                        WHERE resolved_at IS NULL AND body ->> 'tenantId' = ?
                          AND (timezone('UTC', uuid_extract_timestamp(call_id)))::date = ?
                        """)
                .params(tenant.toString(), day)
                .query(Long.class)
                .single();
    }

    private long lateAccounts(TenantId tenant, LocalDate day) {
        return platform.sql(
                        """
                        SELECT count(*) FROM usage_late_account a JOIN usage_record r
                          ON r.call_id = a.call_id
                         AND r.day = (timezone('UTC', uuid_extract_timestamp(a.call_id)))::date
                        WHERE a.statement_day = ? AND r.tenant_id = ?
                        """)
                .params(day, tenant.value())
                .query(Long.class)
                .single();
    }
}
