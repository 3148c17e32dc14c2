package dev.atrium.standalone;

import dev.atrium.migrations.DatabaseRoles;
import dev.atrium.migrations.LocalPostgres;
import dev.atrium.standalone.distribution.Distribution;
import dev.atrium.standalone.distribution.Preparation;
import dev.atrium.standalone.launcher.Console;
import dev.atrium.standalone.launcher.Launcher;
import dev.atrium.standalone.launcher.Leftovers;
import dev.atrium.standalone.launcher.StartFailedException;
import dev.atrium.standalone.process.ProcessTable;
import dev.atrium.standalone.process.RunState;
import dev.atrium.standalone.seed.Access;
import dev.atrium.standalone.seed.Seed;
import dev.atrium.standalone.settings.DataFolder;
import dev.atrium.standalone.settings.Port;
import dev.atrium.standalone.settings.Secrets;
import dev.atrium.standalone.settings.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/**
 * The whole platform with its demo data, started once per test JVM by the launcher's own classes on
 * free ports, and stopped with the JVM.
 *
 * <p>It runs the jars that the other modules' {@code package} phase left, so a test of this module
 * alone sees them as old as they are: {@code ./mvnw verify} builds them first, because this module
 * is the reactor's last. Browsers and tokens know it as {@code atrium.localhost}, so that every
 * sign-in goes through another host name than the one the services use among themselves.
 */
public final class StandalonePlatform {
    private static final String PUBLIC_HOST = "http://atrium.localhost:";
    private static final Path HOME = Path.of("").toAbsolutePath().getParent();
    private static StandalonePlatform shared;
    private static Distribution unpacked;

    private final Settings settings;
    private final Secrets secrets;

    private StandalonePlatform(Settings settings, Secrets secrets) {
        this.settings = settings;
        this.secrets = secrets;
    }

    /** Takes half a minute the first time. */
    public static synchronized StandalonePlatform shared() {
        if (shared == null) {
            try {
                shared = start();
            } catch (IOException | StartFailedException e) {
                throw new IllegalStateException("the platform did not start: " + e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        return shared;
    }

    /** The services as the build left them, with start-up caches: tests start dozens of them. */
    public static synchronized Distribution distribution() throws IOException {
        if (unpacked == null) {
            Distribution distribution =
                    new Distribution(HOME, HOME.resolve("standalone/target/it-dist"));
            new Preparation(distribution, System.out::println).prepare(Preparation.Caches.TRAINED);
            unpacked = distribution;
        }
        return unpacked;
    }

    private static StandalonePlatform start()
            throws IOException, StartFailedException, InterruptedException {
        Distribution distribution = distribution();
        DataFolder data = new DataFolder(HOME.resolve("standalone/target/it-data"));
        discard(data);

        Settings settings = settings(data);
        Console console = new Console(new PrintStream(System.out, true));
        Launcher launcher = new Launcher(settings, distribution, console);
        Runtime.getRuntime().addShutdownHook(new Thread(launcher::stop, "stop the platform"));
        launcher.start();
        Secrets secrets = Secrets.in(data);
        new Seed(new Access(settings, secrets), console::say).complete();
        return new StandalonePlatform(settings, secrets);
    }

    /** Removes what an aborted test run left. */
    public static void discard(DataFolder data) throws IOException {
        Leftovers.stop(data);
        LocalPostgres.stopSurvivor(data.postgres());
        data.discard();
    }

    private static Settings settings(DataFolder data) throws IOException {
        Settings free = Settings.of(HOME, System.getenv()).onFreePorts(data);
        return free.with(
                Map.of(
                        "ATRIUM_PUBLIC_URL",
                        PUBLIC_HOST + free.port(Port.REGISTRY),
                        "ATRIUM_REGISTRY_STATEMENT_INTERVAL",
                        "2s",
                        "ATRIUM_NODE_WATTS_PER_CORE",
                        "7",
                        "ATRIUM_NODE_GRID_INTENSITY",
                        "400"));
    }

    public Settings settings() {
        return settings;
    }

    public Secrets secrets() {
        return secrets;
    }

    /** Tokens of the operator and of the demo's developers, and calls with any credential. */
    public Access access() {
        return new Access(settings, secrets);
    }

    /** The gateway's public port as seen from this machine. */
    public String gateway() {
        return settings.loopback(Port.GATEWAY);
    }

    /** The registry's public port as seen from this machine. */
    public String registry() {
        return settings.loopback(Port.REGISTRY);
    }

    /** The portal as browsers call it. */
    public String portal() {
        return settings.portalUrl();
    }

    /** The database as whoever owns the machine sees it: with every right. */
    public Connection database() throws IOException, SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:"
                        + settings.port(Port.POSTGRES)
                        + "/"
                        + DatabaseRoles.DATABASE,
                "postgres",
                secrets.password(Secrets.SUPERUSER_PASSWORD));
    }

    /** What runs now; a process that died is there again with another number. */
    public RunState state() {
        return ProcessTable.read(settings.data().state()).orElseThrow();
    }
}
