package dev.atrium.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The schema's own promises, tried as the roles that the registry uses. */
class FoundationIT {
    private static final DatabaseRoles ROLES =
            new DatabaseRoles("owner-pw", "app-pw", "platform-pw");
    private static LocalPostgres postgres;

    @BeforeAll
    static void migrate() throws SQLException {
        postgres = LocalPostgres.temporary();
        try (Connection superuser = postgres.superuser()) {
            ROLES.ensure(superuser);
            ROLES.ensure(superuser);
        }
        Flyway.configure()
                .dataSource(
                        postgres.jdbcUrl(DatabaseRoles.DATABASE), DatabaseRoles.OWNER, "owner-pw")
                .load()
                .migrate();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @Test
    void everyTableWithATenantForcesRowLevelSecurity() throws SQLException {
        try (Connection owner = connect(DatabaseRoles.OWNER, "owner-pw")) {
            List<String> unguarded =
                    strings(
                            owner,
                            """
                            SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                            WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                              AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
                            """);

            assertThat(unguarded).isEmpty();
        }
    }

    @Test
    void runtimeRolesNeitherOwnTablesNorBypassRowLevelSecurity() throws SQLException {
        try (Connection owner = connect(DatabaseRoles.OWNER, "owner-pw")) {
            assertThat(
                            strings(
                                    owner,
                                    "SELECT tablename FROM pg_tables WHERE tableowner IN"
                                            + " ('atrium_app', 'atrium_platform')"))
                    .isEmpty();
            assertThat(
                            strings(
                                    owner,
                                    "SELECT rolname FROM pg_roles WHERE rolname LIKE 'atrium%' AND"
                                            + " (rolbypassrls OR rolsuper)"))
                    .isEmpty();
        }
    }

    @Test
    void appSeesOnlyTheTenantOfItsTransaction() throws SQLException {
        UUID acme = tenantWithModel("rls-acme", "secret-model");
        UUID globex = tenantWithModel("rls-globex", "other-model");
        try (Connection app = connect(DatabaseRoles.APP, "app-pw")) {
            app.setAutoCommit(false);

            assertThat(strings(app, "SELECT name FROM model")).isEmpty();

            strings(app, "SELECT set_config('atrium.tenant', '" + acme + "', true)");
            assertThat(strings(app, "SELECT name FROM model")).containsExactly("secret-model");
            assertThatThrownBy(() ->
                            execute(
                                    app,
                                    "INSERT INTO project (tenant_id, slug, name) VALUES ('"
                                            + globex
                                            + "', 'x', 'x')"))
                    .hasMessageContaining("row-level security");
            app.rollback();

            strings(app, "SELECT set_config('atrium.tenant', '" + globex + "', true)");
            assertThat(strings(app, "SELECT name FROM model")).containsExactly("other-model");
            assertThat(strings(app, "SELECT tenant_slug(tenant_id) FROM model"))
                    .containsExactly("rls-globex");
        }
    }

    @Test
    void publicModelsAreSeenByAllAndEditedByTheirTenantOnly() throws SQLException {
        UUID publisher = tenantWithModel("rls-publisher", "open-model");
        UUID reader = tenantWithModel("rls-reader", "own-model");
        try (Connection platform = connect(DatabaseRoles.PLATFORM, "platform-pw")) {
            execute(
                    platform,
                    "UPDATE model SET visibility = 'PUBLIC' WHERE tenant_id = '" + publisher + "'");
        }
        try (Connection app = connect(DatabaseRoles.APP, "app-pw")) {
            app.setAutoCommit(false);
            strings(app, "SELECT set_config('atrium.tenant', '" + reader + "', true)");

            assertThat(strings(app, "SELECT name FROM model ORDER BY name"))
                    .containsExactly("open-model", "own-model");
            assertThat(
                            executeUpdate(
                                    app,
                                    "UPDATE model SET description = 'x' WHERE name = 'open-model'"))
                    .isZero();
        }
    }

    @Test
    void feedRevisionsGrowAndTheNewestBodyStays() throws SQLException {
        try (Connection app = connect(DatabaseRoles.APP, "app-pw");
                Connection platform = connect(DatabaseRoles.PLATFORM, "platform-pw")) {
            execute(
                    app,
                    "SELECT feed_publish(ARRAY['T','T'], ARRAY['a','b'], ARRAY['1','2']::jsonb[])");
            execute(app, "SELECT feed_publish(ARRAY['T'], ARRAY['a'], ARRAY[NULL]::jsonb[])");

            assertThat(
                            strings(
                                    platform,
                                    "SELECT id || coalesce(body::text, '-') FROM feed_entry WHERE kind ="
                                            + " 'T' ORDER BY revision"))
                    .containsExactly("b2", "a-");
            assertThatThrownBy(() -> strings(app, "SELECT id FROM feed_entry"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void ledgerHasOneRowPerCallAndNoRuntimeRoleEditsIt() throws SQLException {
        try (Connection platform = connect(DatabaseRoles.PLATFORM, "platform-pw")) {
            execute(
                    platform,
                    "SELECT usage_ensure_partitions(DATE '2026-01-01', DATE '2026-01-03')");

            assertThat(
                            strings(
                                    platform,
                                    "SELECT usage_ensure_partitions(DATE '2026-01-02', DATE '2026-01-04')"))
                    .containsExactly("1");
            assertThatThrownBy(() -> execute(platform, "UPDATE usage_record SET input_tokens = 0"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> execute(platform, "DELETE FROM usage_record"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> execute(platform, "UPDATE audit_entry SET actor = 'x'"))
                    .hasMessageContaining("permission denied");
        }
    }

    private static UUID tenantWithModel(String slug, String model) throws SQLException {
        try (Connection platform = connect(DatabaseRoles.PLATFORM, "platform-pw")) {
            String tenant =
                    strings(
                                    platform,
                                    "INSERT INTO tenant (slug, name) VALUES ('"
                                            + slug
                                            + "', 'x') RETURNING id")
                            .getFirst();
            String project =
                    strings(
                                    platform,
                                    "INSERT INTO project (tenant_id, slug, name) VALUES ('"
                                            + tenant
                                            + "', 'default', 'Default') RETURNING id")
                            .getFirst();
            execute(
                    platform,
                    "INSERT INTO model (tenant_id, project_id, name, task) VALUES ('"
                            + tenant
                            + "', '"
                            + project
                            + "', '"
                            + model
                            + "', 'TENSORS')");
            return UUID.fromString(tenant);
        }
    }

    private static Connection connect(String role, String password) throws SQLException {
        return DriverManager.getConnection(
                postgres.jdbcUrl(DatabaseRoles.DATABASE), role, password);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int executeUpdate(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static List<String> strings(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
