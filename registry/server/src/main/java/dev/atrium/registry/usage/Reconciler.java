package dev.atrium.registry.usage;

import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.Reconciliation;
import dev.atrium.registry.api.usage.Reconciliation.Difference;
import dev.atrium.registry.api.usage.Reconciliation.Figures;
import dev.atrium.registry.api.usage.Reconciliation.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Lays the ledger beside the nodes' own accounts. */
@Component
class Reconciler {
    private static final int MAX_DIFFERENCES = 100;

    /**
     * A call of which a node was told to compute nothing has no node in the ledger; only a row that
     * names one needs an account.
     */
    private static final String COMPARED =
            """
            WITH ledger AS (
                SELECT call_id, node_id, outcome, input_tokens, output_tokens, compute_micros,
                       coalesce(images, 0) AS images, coalesce(audio_millis, 0) AS audio_millis
                FROM usage_record
                WHERE day BETWEEN :first_day AND :last_day AND call_id >= :first AND call_id < :end
                  AND (:version::uuid IS NULL OR version_id = :version::uuid)
            ), account AS (
                SELECT DISTINCT ON (call_id) call_id, outcome, input_tokens, output_tokens,
                       compute_micros, coalesce(images, 0) AS images,
                       coalesce(audio_millis, 0) AS audio_millis
                FROM node_usage
                WHERE call_id >= :first AND call_id < :end
                  AND (:version::uuid IS NULL OR version_id = :version::uuid)
                ORDER BY call_id, attempt DESC
            ), compared AS (
                SELECT call_id, l.call_id IS NOT NULL AS in_ledger, a.call_id IS NOT NULL AS at_node,
                       l.outcome AS ledger_outcome, l.input_tokens AS ledger_input,
                       l.output_tokens AS ledger_output, l.compute_micros AS ledger_compute,
                       l.images AS ledger_images, l.audio_millis AS ledger_audio,
                       a.outcome AS node_outcome, a.input_tokens AS node_input,
                       a.output_tokens AS node_output, a.compute_micros AS node_compute,
                       a.images AS node_images, a.audio_millis AS node_audio,
                       CASE WHEN l.call_id IS NULL THEN 'MISSING_IN_LEDGER'
                            WHEN a.call_id IS NULL AND l.node_id IS NOT NULL THEN 'MISSING_AT_NODES'
                            WHEN (l.input_tokens, l.output_tokens, l.compute_micros, l.images,
                                  l.audio_millis)
                                 <> (a.input_tokens, a.output_tokens, a.compute_micros, a.images,
                                     a.audio_millis)
                            THEN 'OTHER_FIGURES' END AS kind
                FROM ledger l FULL JOIN account a USING (call_id)
            )
            """;

    private record Totals(long ledger, long nodes, long differing) {}

    private final JdbcClient platform;

    Reconciler(@Qualifier("platformJdbc") JdbcClient platform) {
        this.platform = platform;
    }

    /**
     * @param version only calls of this model version; null for all
     */
    @Transactional(value = "platformTransactionManager", readOnly = true)
    public Reconciliation reconcile(Span span, @Nullable UUID version) {
        Totals totals =
                compared(
                                """
                                SELECT count(*) FILTER (WHERE in_ledger) AS ledger,
                                       count(*) FILTER (WHERE at_node) AS nodes,
                                       count(kind) AS differing FROM compared
                                """,
                                span,
                                version)
                        .query((row, number) ->
                                new Totals(
                                        row.getLong("ledger"),
                                        row.getLong("nodes"),
                                        row.getLong("differing")))
                        .single();
        List<Difference> differences =
                compared(
                                "SELECT * FROM compared WHERE kind IS NOT NULL"
                                        + " ORDER BY call_id DESC LIMIT "
                                        + MAX_DIFFERENCES,
                                span,
                                version)
                        .query(Reconciler::difference)
                        .list();
        return new Reconciliation(
                span.from(),
                span.to(),
                totals.ledger(),
                totals.nodes(),
                openOrphans(span),
                totals.differing(),
                differences);
    }

    private JdbcClient.StatementSpec compared(String select, Span span, @Nullable UUID version) {
        UUID first = CallTime.first(span.from());
        UUID end = CallTime.first(span.to());
        return platform.sql(COMPARED + select)
                .param("first_day", CallTime.day(first))
                .param("last_day", CallTime.day(end))
                .param("first", first)
                .param("end", end)
                .param("version", version == null ? null : version.toString());
    }

    private long openOrphans(Span span) {
        return platform.sql(
                        """
                        SELECT count(*) FROM usage_orphan
                        WHERE resolved_at IS NULL AND opened_at >= ? AND opened_at < ?
                        """)
                .params(span.from().atOffset(ZoneOffset.UTC), span.to().atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single();
    }

    private static Difference difference(ResultSet row, int number) throws SQLException {
        return new Difference(
                row.getObject("call_id", UUID.class),
                Kind.valueOf(row.getString("kind")),
                row.getBoolean("in_ledger") ? figures(row, "ledger") : null,
                row.getBoolean("at_node") ? figures(row, "node") : null);
    }

    private static Figures figures(ResultSet row, String whose) throws SQLException {
        return new Figures(
                row.getString(whose + "_outcome"),
                row.getLong(whose + "_input"),
                row.getLong(whose + "_output"),
                row.getLong(whose + "_compute"),
                Media.of(row.getLong(whose + "_images"), row.getLong(whose + "_audio")));
    }
}
