package dev.atrium.registry.usage.report;

import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.CachedInput;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.usage.EnergyColumns;
import dev.atrium.registry.usage.MediaColumns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Reads the hourly sums, some lines at a time and in the order of their keys. Each piece is a short
 * transaction of its own: whoever reads the answer slowly holds no connection.
 */
@Component
class HourlySums {
    private final JdbcClient jdbc;
    private final JdbcClient platform;

    HourlySums(JdbcClient jdbc, @Qualifier("platformJdbc") JdbcClient platform) {
        this.jdbc = jdbc;
        this.platform = platform;
    }

    /**
     * @param after position of the line before; empty for the first piece
     */
    @Transactional(readOnly = true)
    public List<Line> ofTenant(TenantId tenant, Report report, List<String> after, int most) {
        return prepared(jdbc, sql(report, after, "tenant_id = :tenant"), report, after, most)
                .param("tenant", tenant.value())
                .query((row, number) -> line(report, row))
                .list();
    }

    /** The same of all tenants, or of those that the report names. */
    @Transactional(value = "platformTransactionManager", readOnly = true)
    public List<Line> ofPlatform(Report report, List<String> after, int most) {
        return prepared(platform, sql(report, after, "true"), report, after, most)
                .query((row, number) -> line(report, row))
                .list();
    }

    private static JdbcClient.StatementSpec prepared(
            JdbcClient client, String sql, Report report, List<String> after, int most) {
        JdbcClient.StatementSpec statement =
                client.sql(sql)
                        .param("from", begin(report, after).atOffset(ZoneOffset.UTC))
                        .param("to", report.to().atOffset(ZoneOffset.UTC))
                        .param("most", most);
        if (report.parts().contains(Part.DAY)) {
            statement =
                    statement.param(
                            "days",
                            report.days().stream()
                                    .map(Instant::toString)
                                    .collect(Collectors.joining(",", "{", "}")));
        }
        for (int i = 0; i < after.size(); i++) {
            statement = statement.param("after" + i, after.get(i));
        }
        for (var filter : report.filters().entrySet()) {
            statement = statement.param("only_" + filter.getKey(), filter.getValue());
        }
        return statement;
    }

    /** What was read before need not be added up again where time comes first. */
    private static Instant begin(Report report, List<String> after) {
        if (after.isEmpty() || !report.isByTime()) {
            return report.from();
        }
        Instant reached = report.begin(after);
        return reached.isAfter(report.from()) ? reached : report.from();
    }

    static String sql(Report report, List<String> after, String whose) {
        List<Part> key = new ArrayList<>(report.parts());
        key.add(Part.CURRENCY);
        String numbers =
                IntStream.rangeClosed(1, key.size())
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(", "));
        Stream<String> filters =
                report.filters().keySet().stream()
                        .sorted()
                        .map(column -> " AND " + column + " IN (:only_" + column + ")");
        return """
        SELECT %s, sum(calls) AS calls, sum(failed_calls) AS failed_calls,
               sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
               sum(compute_micros) AS compute_micros,
               least(9000000000000000000, coalesce(sum(cost_micros), 0)) AS cost_micros,
               least(9000000000000000000, sum(free_micros)) AS free_micros,
               sum(cached_calls) AS cached_calls,
               sum(cached_input_tokens) AS cached_input_tokens,
               %s, %s
        FROM usage_hourly
        WHERE %s AND hour >= :from AND hour < :to%s%s
        GROUP BY %s ORDER BY %s LIMIT :most
        """
                .formatted(
                        key.stream()
                                .map(part -> part.sql() + " AS key_" + part.name())
                                .collect(Collectors.joining(", ")),
                        EnergyColumns.SUMS,
                        MediaColumns.sums("usage_hourly"),
                        whose,
                        filters.collect(Collectors.joining()),
                        after.isEmpty() ? "" : " AND " + later(key),
                        numbers,
                        numbers);
    }

    private static String later(List<Part> key) {
        return key.stream().map(Part::sql).collect(Collectors.joining(", ", "(", ")"))
                + IntStream.range(0, key.size())
                        .mapToObj(i -> "(:after" + i + ")::" + key.get(i).type())
                        .collect(Collectors.joining(", ", " > (", ")"));
    }

    private static Line line(Report report, ResultSet row) throws SQLException {
        List<String> key = new ArrayList<>();
        for (Part part : report.parts()) {
            key.add(
                    part == Part.HOUR
                            ? row.getObject("key_HOUR", OffsetDateTime.class).toInstant().toString()
                            : row.getString("key_" + part.name()));
        }
        return new Line(
                List.copyOf(key),
                row.getString("key_CURRENCY"),
                row.getLong("calls"),
                row.getLong("failed_calls"),
                row.getLong("input_tokens"),
                row.getLong("output_tokens"),
                row.getLong("compute_micros"),
                row.getLong("cost_micros"),
                row.getLong("free_micros"),
                EnergyColumns.sum(row),
                CachedInput.of(row.getLong("cached_calls"), row.getLong("cached_input_tokens")),
                Media.orNone(MediaColumns.of(row)));
    }
}
