package dev.atrium.standalone;

import static org.awaitility.Awaitility.await;

import dev.atrium.registry.api.tenancy.CreateTenant;
import dev.atrium.registry.api.tenancy.Tenant;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * A tenant with calls of the day before yesterday, which the registry has closed and stated by
 * itself, and what an intruder with every right on the database can do to them.
 */
final class ClosedDay implements AutoCloseable {
    static final LocalDate DAY = LocalDate.now(ZoneOffset.UTC).minusDays(2);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Connection database;
    private final Tenant tenant;
    private final List<UUID> calls = new ArrayList<>();

    /**
     * @param count of calls
     */
    ClosedDay(StandalonePlatform platform, String slug, int count)
            throws IOException, SQLException {
        this.tenant =
                platform.access()
                        .operator()
                        .post("/admin/tenants", new CreateTenant(slug, slug, null), Tenant.class);
        this.database = platform.database();
        beTwoDaysOlder();
        for (int i = 0; i < count; i++) {
            calls.add(post(DAY.atTime(10, i).toInstant(ZoneOffset.UTC)));
        }
        await().atMost(PATIENCE).until(this::isStated);
    }

    List<UUID> calls() {
        return calls;
    }

    /** As if the installation and the tenant had been there on that day. */
    private void beTwoDaysOlder() throws SQLException {
        database.setAutoCommit(false);
        withoutTriggers(
                "DELETE FROM usage_stated_day",
                "DELETE FROM usage_closed_day",
                "INSERT INTO usage_closed_day (day) VALUES ('" + DAY.minusDays(1) + "')",
                "INSERT INTO usage_stated_day (day) VALUES ('" + DAY.minusDays(1) + "')",
                "UPDATE tenant SET created_at = '"
                        + DAY
                        + "T06:00:00Z' WHERE id = '"
                        + tenant.id()
                        + "'");
        try (Statement statement = database.createStatement()) {
            statement.execute(
                    "SELECT usage_ensure_partitions('" + DAY + "', '" + DAY.plusDays(2) + "')");
        }
        database.commit();
        database.setAutoCommit(true);
    }

    private UUID post(Instant at) throws SQLException {
        long random = new Random().nextLong();
        UUID id =
                new UUID(
                        at.toEpochMilli() << 16 | 0x7000 | random & 0xFFF,
                        random >>> 2 | Long.MIN_VALUE);
        try (PreparedStatement insert =
                database.prepareStatement(
                        """
                        INSERT INTO usage_record (day, call_id, tenant_id, project_id,
                            principal_kind, principal_id, model_id, model_name, version_id, version,
                            operation, outcome, http_status, attempts, input_tokens, output_tokens,
                            compute_micros, opened_at, settled_at, source, gateway_id)
                        VALUES (?::date, ?::uuid, ?::uuid, uuidv7(), 'API_KEY', 'k', uuidv7(),
                            'a/b', uuidv7(), 1, 'INFER', 'OK', 200, 1, 5, 5, 1, ?::timestamptz,
                            ?::timestamptz, 'GATEWAY', uuidv7())
                        """)) {
            insert.setString(1, DAY.toString());
            insert.setString(2, id.toString());
            insert.setString(3, tenant.id().toString());
            insert.setString(4, at.toString());
            insert.setString(5, at.toString());
            insert.executeUpdate();
        }
        return id;
    }

    private boolean isStated() throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT FROM usage_stated_day WHERE day = '" + DAY + "'")) {
            return row.next();
        }
    }

    /** Makes the call dearer by a token. */
    void alter(UUID call) throws SQLException {
        withoutTriggers(
                "UPDATE usage_record SET output_tokens = output_tokens + 1 WHERE " + is(call));
    }

    void remove(UUID call) throws SQLException {
        withoutTriggers("DELETE FROM usage_record WHERE " + is(call));
    }

    /**
     * Puts another call beside this one.
     *
     * @return its id
     */
    UUID add(UUID beside) throws SQLException {
        UUID added = new UUID(beside.getMostSignificantBits(), -7);
        withoutTriggers(
                """
                INSERT INTO usage_record
                SELECT (jsonb_populate_record(r, jsonb_build_object('call_id', '%s'))).*
                FROM usage_record r WHERE %s
                """
                        .formatted(added, is(beside)));
        return added;
    }

    void keep() throws SQLException {
        withoutTriggers(
                "CREATE TEMP TABLE kept AS SELECT * FROM usage_record WHERE tenant_id = '"
                        + tenant.id()
                        + "'");
    }

    /** As it was when it was kept. */
    void restore() throws SQLException {
        withoutTriggers(
                "DELETE FROM usage_record WHERE tenant_id = '" + tenant.id() + "'",
                "INSERT INTO usage_record SELECT * FROM kept");
    }

    private static String is(UUID call) {
        return "day = '" + DAY + "' AND call_id = '" + call + "'";
    }

    private void withoutTriggers(String... commands) throws SQLException {
        try (Statement statement = database.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            for (String command : commands) {
                statement.execute(command);
            }
            statement.execute("SET session_replication_role = origin");
        }
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
