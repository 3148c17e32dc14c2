package dev.atrium.standalone.launcher;

import dev.atrium.migrations.DatabaseRoles;
import dev.atrium.migrations.LocalPostgres;
import dev.atrium.standalone.process.ProcessIdentity;
import dev.atrium.standalone.process.ProcessTable;
import dev.atrium.standalone.process.RunState;
import dev.atrium.standalone.settings.Secrets;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The installation's PostgreSQL: started with its roles, started again when it dies. */
final class Database {
    static final String TITLE = "postgresql";

    private static final Duration WATCH = Duration.ofMillis(500);

    private final LocalPostgres.Site site;
    private final Secrets secrets;
    private final ProcessTable table;
    private final Runnable onDeath;
    private @Nullable LocalPostgres server;
    private int starts;

    /**
     * @param onDeath told about every end of the server, wanted or not, in a thread of its own
     */
    Database(LocalPostgres.Site site, Secrets secrets, ProcessTable table, Runnable onDeath) {
        this.site = site;
        this.secrets = secrets;
        this.table = table;
        this.onDeath = onDeath;
    }

    synchronized void start() throws IOException {
        if (server != null) {
            server.close();
        }
        LocalPostgres started = LocalPostgres.at(site);
        server = started;
        starts++;
        long pid = started.pid().orElseThrow(() -> new IOException("PostgreSQL has no pid file"));
        ensureRoles(started);
        ProcessIdentity process = ProcessIdentity.of(pid);
        table.put(new RunState.Entry(TITLE, process, site.port(), null, Instant.now(), starts - 1));
        Thread.ofVirtual().name("watch-" + TITLE).start(() -> watch(process));
    }

    /** The server is no child of ours, so its end has to be looked for. */
    private void watch(ProcessIdentity process) {
        while (!process.awaitEnd(Duration.ofHours(1), WATCH)) {
            // Alive for another hour.
        }
        onDeath.run();
    }

    private void ensureRoles(LocalPostgres started) throws IOException {
        DatabaseRoles roles =
                new DatabaseRoles(
                        secrets.password(Secrets.OWNER_PASSWORD),
                        secrets.password(Secrets.APP_PASSWORD),
                        secrets.password(Secrets.PLATFORM_PASSWORD));
        try (Connection superuser = started.superuser()) {
            roles.ensure(superuser);
        } catch (SQLException e) {
            throw new IOException(
                    "the roles of the database could not be set: " + e.getMessage(), e);
        }
    }

    String address() {
        return "127.0.0.1:" + site.port();
    }

    synchronized void stop() throws IOException {
        if (server != null) {
            server.close();
            server = null;
            table.remove(TITLE);
        }
    }
}
