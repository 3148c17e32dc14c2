package dev.atrium.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The three roles that the migrations and the registry expect, and the database they live in.
 *
 * <p>Made by a superuser before the first migration; running it again sets the passwords to the
 * given ones, so a lost secret file is mended by the next start. docker-compose does the same with
 * {@code deploy/docker/postgres-roles.sh}.
 *
 * @param ownerPassword owns the schema and runs Flyway
 * @param appPassword sees one tenant at a time
 * @param platformPassword sign-in, intake, feed, scheduler
 */
public record DatabaseRoles(String ownerPassword, String appPassword, String platformPassword) {
    public static final String DATABASE = "atrium";
    public static final String OWNER = "atrium_owner";
    public static final String APP = "atrium_app";
    public static final String PLATFORM = "atrium_platform";

    /**
     * @param superuser an open connection of a superuser, to any database of the server
     */
    public void ensure(Connection superuser) throws SQLException {
        ensureRole(superuser, OWNER, ownerPassword);
        ensureRole(superuser, APP, appPassword);
        ensureRole(superuser, PLATFORM, platformPassword);
        ensureDatabase(superuser);
    }

    private static void ensureRole(Connection connection, String role, String password)
            throws SQLException {
        String verb =
                exists(connection, "SELECT FROM pg_roles WHERE rolname = ?", role)
                        ? "ALTER"
                        : "CREATE";
        execute(
                connection,
                verb
                        + " ROLE "
                        + role
                        + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD "
                        + literal(password));
    }

    private static void ensureDatabase(Connection connection) throws SQLException {
        if (!exists(connection, "SELECT FROM pg_database WHERE datname = ?", DATABASE)) {
            execute(
                    connection,
                    "CREATE DATABASE " + DATABASE + " OWNER " + OWNER + " ENCODING 'UTF8'");
        }
        execute(connection, "REVOKE ALL ON DATABASE " + DATABASE + " FROM PUBLIC");
        execute(
                connection,
                "GRANT CONNECT ON DATABASE " + DATABASE + " TO " + APP + ", " + PLATFORM);
    }

    private static boolean exists(Connection connection, String query, String name)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
