package dev.atrium.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a site: who may connect, what survives, who is found again. */
class LocalPostgresIT {
    @TempDir Path folder;
    private LocalPostgres.Site site;
    private LocalPostgres postgres;

    @BeforeEach
    void start() throws Exception {
        site = site(freePort());
        postgres = LocalPostgres.at(site);
    }

    @AfterEach
    void stop() throws Exception {
        postgres.close();
    }

    @Test
    void asksEveryRoleForItsPassword() throws Exception {
        new DatabaseRoles("owner-pw", "app-pw", "platform-pw").ensure(postgres.superuser());

        assertThatThrownBy(() -> connect("postgres", "postgres", "wrong"))
                .hasMessageContaining("password authentication failed");
        assertThatThrownBy(() -> connect("atrium", "atrium_app", "owner-pw"))
                .hasMessageContaining("password authentication failed");
        try (Connection app = connect("atrium", "atrium_app", "app-pw")) {
            assertThat(show(app, "fsync")).isEqualTo("on");
            assertThat(show(app, "listen_addresses")).isEqualTo("127.0.0.1");
        }
        assertThat(Path.of("/tmp/.s.PGSQL." + site.port())).doesNotExist();
    }

    @Test
    void findsAServerThatOutlivedItsStarter() throws Exception {
        long pid = postgres.pid().orElseThrow();

        LocalPostgres again = LocalPostgres.at(site);

        assertThat(again.pid()).contains(pid);
        again.close();
        assertThat(postgres.pid()).isEmpty();
        assertThatThrownBy(postgres::superuser).isInstanceOf(SQLException.class);
    }

    @Test
    void keepsItsDataOverAKilledServerAndOnAnotherPort() throws Exception {
        try (Connection superuser = postgres.superuser();
                Statement statement = superuser.createStatement()) {
            statement.execute("CREATE TABLE kept AS SELECT 42 AS answer");
        }
        ProcessHandle postmaster = ProcessHandle.of(postgres.pid().orElseThrow()).orElseThrow();
        postmaster.destroyForcibly();
        postmaster.onExit().get();

        postgres.close();
        LocalPostgres recovered = LocalPostgres.at(site);
        recovered.close();
        postgres = LocalPostgres.at(site(freePort()));

        assertThat(answer()).isEqualTo(42);
    }

    @Test
    void startsThoughASessionOfTheKilledServerDoesNotEnd() throws Exception {
        try (Connection superuser = postgres.superuser();
                Statement statement = superuser.createStatement();
                ResultSet pid = statement.executeQuery("SELECT pg_backend_pid()")) {
            pid.next();
            signal("STOP", pid.getLong(1));
            signal("KILL", postgres.pid().orElseThrow());
        }
        postgres.close();

        postgres = LocalPostgres.at(site);

        assertThat(postgres.superuser().isValid(5)).isTrue();
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(
                        new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                                .inheritIO()
                                .start()
                                .waitFor())
                .isZero();
    }

    @Test
    void startsThoughThePidFileNamesAnotherProgram() throws Exception {
        postgres.close();
        Files.writeString(
                site.data().resolve("postmaster.pid"),
                ProcessHandle.current().pid() + "\n/x\n0\n" + site.port() + "\n");

        postgres = LocalPostgres.at(site);

        assertThat(postgres.pid()).isPresent();
    }

    /** As under a container's first process that buries nobody. */
    @Test
    void startsThoughItsFilesNameADeadServerThatNobodyBuried() throws Exception {
        postgres.close();
        Process undertaker =
                new ProcessBuilder("sh", "-c", "true & echo $!; exec sleep 60").start();
        try (BufferedReader said = undertaker.inputReader()) {
            String dead = said.readLine() + "\n/x\n0\n" + site.port() + "\n";
            Files.writeString(site.data().resolve("postmaster.pid"), dead);
            Files.writeString(folder.resolve(".s.PGSQL." + site.port() + ".lock"), dead);

            postgres = LocalPostgres.at(site);

            assertThat(postgres.superuser().isValid(5)).isTrue();
        } finally {
            undertaker.destroyForcibly().waitFor();
        }
    }

    @Test
    void beginsAnewAfterAnInterruptedInitialisation() throws Exception {
        LocalPostgres.Site unfinished =
                new LocalPostgres.Site(
                        folder.resolve("unfinished"), site.binaries(), freePort(), site.password());
        Files.createDirectories(unfinished.data());
        Files.writeString(unfinished.data().resolve("postgresql.conf"), "# cut off");

        try (LocalPostgres begun = LocalPostgres.at(unfinished)) {
            assertThat(begun.superuser().isValid(1)).isTrue();
        }
    }

    private LocalPostgres.Site site(int port) {
        return new LocalPostgres.Site(
                folder.resolve("data"),
                Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg"),
                port,
                "super'secret");
    }

    private int answer() throws SQLException {
        try (Connection superuser = postgres.superuser();
                Statement statement = superuser.createStatement();
                ResultSet rows = statement.executeQuery("SELECT answer FROM kept")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static String show(Connection connection, String setting) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW " + setting)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private Connection connect(String database, String role, String password) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(database), role, password);
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
