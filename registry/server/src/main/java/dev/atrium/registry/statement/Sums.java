package dev.atrium.registry.statement;

import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.statement.Figures;
import dev.atrium.registry.api.statement.StatementDocument.LateTotal;
import dev.atrium.registry.api.statement.StatementDocument.ModelTotal;
import dev.atrium.registry.api.statement.StatementDocument.PrincipalTotal;
import dev.atrium.registry.api.statement.StatementDocument.ProjectTotal;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.usage.MediaColumns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What the rows of a statement come to. Each query answers a row per group and currency; the groups
 * are put together here.
 */
@Component
class Sums {
    /** What a call cost is absent where it had no price. */
    static final String FIGURES =
            """
            count(*) AS calls,
            least(9000000000000000000, sum(r.input_tokens))::bigint AS input_tokens,
            least(9000000000000000000, sum(r.output_tokens))::bigint AS output_tokens,
            least(9000000000000000000, sum(r.compute_micros))::bigint AS compute_micros,
            r.currency,
            least(9000000000000000000, sum(r.cost_micros))::bigint AS cost_micros,
            """
                    + MediaColumns.sums("r");

    private static final String OWN =
            """
            FROM usage_record r
            WHERE r.tenant_id = :tenant AND r.day = :day AND NOT EXISTS (
                SELECT FROM usage_late l WHERE l.day = r.day AND l.call_id = r.call_id)
            """;

    private static final String LATE =
            """
            FROM usage_late l JOIN usage_record r USING (day, call_id)
            WHERE l.tenant_id = :tenant AND l.statement_day = :day AND r.tenant_id = :tenant
            """;

    private final JdbcClient platform;

    Sums(@Qualifier("platformJdbc") JdbcClient platform) {
        this.platform = platform;
    }

    /** By whose account the ledger holds them. */
    Map<String, Figures> sources(TenantId tenant, LocalDate day) {
        return grouped(OWN, "r.source", tenant, day, (row, number) -> row.getString("source"));
    }

    List<ProjectTotal> projects(TenantId tenant, LocalDate day) {
        return list(
                grouped(
                        OWN,
                        "r.project_id",
                        tenant,
                        day,
                        (row, number) -> new ProjectId(row.getObject("project_id", UUID.class))),
                ProjectTotal::new);
    }

    List<PrincipalTotal> principals(TenantId tenant, LocalDate day) {
        return list(
                grouped(
                        OWN,
                        "r.principal_kind, r.principal_id",
                        tenant,
                        day,
                        (row, number) ->
                                new PrincipalTotal(
                                        PrincipalKind.valueOf(row.getString("principal_kind")),
                                        row.getString("principal_id"),
                                        Figures.NONE)),
                (group, figures) -> new PrincipalTotal(group.kind(), group.principalId(), figures));
    }

    List<ModelTotal> models(TenantId tenant, LocalDate day) {
        return list(
                grouped(
                        OWN,
                        "r.model_name, r.version, r.model_id, r.version_id",
                        tenant,
                        day,
                        (row, number) ->
                                new ModelTotal(
                                        new ModelId(row.getObject("model_id", UUID.class)),
                                        ModelName.of(row.getString("model_name")),
                                        new ModelVersionId(row.getObject("version_id", UUID.class)),
                                        row.getInt("version"),
                                        Figures.NONE)),
                (group, figures) ->
                        new ModelTotal(
                                group.modelId(),
                                group.model(),
                                group.versionId(),
                                group.version(),
                                figures));
    }

    List<LateTotal> late(TenantId tenant, LocalDate day) {
        return list(
                grouped(
                        LATE,
                        "r.day, r.project_id, r.model_name, r.version",
                        tenant,
                        day,
                        (row, number) ->
                                new LateTotal(
                                        row.getObject("day", LocalDate.class),
                                        new ProjectId(row.getObject("project_id", UUID.class)),
                                        ModelName.of(row.getString("model_name")),
                                        row.getInt("version"),
                                        Figures.NONE)),
                (group, figures) ->
                        new LateTotal(
                                group.day(),
                                group.projectId(),
                                group.model(),
                                group.version(),
                                figures));
    }

    private <K> Map<K, Figures> grouped(
            String rows, String group, TenantId tenant, LocalDate day, RowMapper<K> key) {
        Map<K, Figures> groups = new LinkedHashMap<>();
        platform.sql(
                        "SELECT %s, %s %s GROUP BY %s, r.currency ORDER BY %s, r.currency"
                                .formatted(group, FIGURES, rows, group, group))
                .param("tenant", tenant.value())
                .param("day", day)
                .query((ResultSet row) -> {
                    groups.merge(key.mapRow(row, 0), figures(row), Figures::plus);
                });
        return groups;
    }

    private static <K, T> List<T> list(Map<K, Figures> groups, BiFunction<K, Figures, T> total) {
        return groups.entrySet().stream()
                .map(group -> total.apply(group.getKey(), group.getValue()))
                .toList();
    }

    static Figures figures(ResultSet row) throws SQLException {
        String currency = row.getString("currency");
        return new Figures(
                row.getLong("calls"),
                row.getLong("input_tokens"),
                row.getLong("output_tokens"),
                row.getLong("compute_micros"),
                currency == null
                        ? List.of()
                        : List.of(new Cost(row.getLong("cost_micros"), currency)),
                MediaColumns.of(row));
    }
}
