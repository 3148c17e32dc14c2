package dev.atrium.standalone.launcher;

import dev.atrium.migrations.LocalPostgres;
import dev.atrium.standalone.distribution.Distribution;
import dev.atrium.standalone.distribution.ServiceName;
import dev.atrium.standalone.process.ProcessIdentity;
import dev.atrium.standalone.process.ProcessTable;
import dev.atrium.standalone.process.RunState;
import dev.atrium.standalone.settings.DataFolder;
import dev.atrium.standalone.settings.Port;
import dev.atrium.standalone.settings.Secrets;
import dev.atrium.standalone.settings.Settings;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One installation's processes, from nothing to ready and back.
 *
 * <p>{@link #start} returns when every service is ready; from then on a dead one is started again.
 * {@link #stop} may be called at any time from any thread, also while a start is going on.
 */
public final class Launcher {
    private final Settings settings;
    private final Distribution distribution;
    private final Console console;
    private final Shape shape;
    private List<Service> services = List.of();
    private @Nullable LaunchLock lock;
    private @Nullable Fleet fleet;
    private boolean stopped;

    public Launcher(Settings settings, Distribution distribution, Console console) {
        this(settings, distribution, console, Shape.STANDALONE);
    }

    public Launcher(Settings settings, Distribution distribution, Console console, Shape shape) {
        this.settings = settings;
        this.distribution = distribution;
        this.console = console;
        this.shape = shape;
    }

    /** Where the processes of a service are reached from this machine; known once started. */
    public synchronized List<String> addresses(ServiceName service) {
        return services.stream()
                .filter(one -> one.name() == service)
                .map(one -> "http://127.0.0.1:" + one.port())
                .toList();
    }

    /**
     * Kills a service's process with -9 and deletes its folder, as if its machine was gone; another
     * takes its place at once.
     *
     * @param identity variables in which the new one differs, such as its name
     */
    public void replace(String title, Map<String, String> identity) {
        Fleet running;
        synchronized (this) {
            running = fleet;
        }
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        running.replace(title, identity);
    }

    /**
     * @return whether all is ready; false when it was stopped meanwhile
     * @throws StartFailedException with everything stopped again and a message for people
     */
    public boolean start() throws StartFailedException, InterruptedException {
        long begin = System.nanoTime();
        try {
            Fleet starting = prepare();
            return starting != null && starting.start(begin);
        } catch (IOException e) {
            stop();
            throw new StartFailedException(message(e), e);
        } catch (StartFailedException e) {
            stop();
            throw e;
        }
    }

    /** Everything that can be found out before the first process starts; null after a stop. */
    private synchronized @Nullable Fleet prepare() throws IOException, StartFailedException {
        if (stopped) {
            return null;
        }
        requireDistribution();
        DataFolder data = settings.data();
        data.prepare();
        lock = LaunchLock.tryAcquire(data.lock()).orElseThrow(this::running);
        console.say("Atrium starts, data in " + data.path());
        List<String> left = Leftovers.stop(data);
        if (!left.isEmpty()) {
            console.say("  stopped what a killed launcher had left: " + String.join(", ", left));
        }
        requirePorts(data);
        Secrets secrets = Secrets.in(data);
        ProcessTable table = ProcessTable.begin(data.state(), initialState());
        LocalPostgres.Site site =
                new LocalPostgres.Site(
                        data.postgres(),
                        distribution.postgres(),
                        settings.port(Port.POSTGRES),
                        secrets.password(Secrets.SUPERUSER_PASSWORD));
        services = new Services(settings, distribution, secrets, shape).inOrder();
        fleet = new Fleet(data, services, shape.sound(), site, secrets, table, console);
        return fleet;
    }

    private void requireDistribution() throws StartFailedException {
        List<ServiceName> missing = distribution.missing();
        if (!missing.isEmpty()) {
            throw new StartFailedException(
                    "not built: "
                            + missing.stream()
                                    .map(ServiceName::title)
                                    .collect(Collectors.joining(", "))
                            + " missing in "
                            + distribution.folder());
        }
    }

    private void requirePorts(DataFolder data) throws StartFailedException {
        // A PostgreSQL that outlived its launcher holds its port rightly.
        boolean survivor = LocalPostgres.isRunning(data.postgres(), settings.port(Port.POSTGRES));
        Set<Port> own = survivor ? EnumSet.of(Port.POSTGRES) : EnumSet.noneOf(Port.class);
        List<String> taken = PortCheck.taken(settings, own);
        if (!taken.isEmpty()) {
            throw new StartFailedException(String.join("\n", taken));
        }
    }

    private StartFailedException running() {
        Optional<RunState> state = ProcessTable.read(settings.data().state());
        String where =
                state.map(s ->
                                " (pid "
                                        + s.launcher().pid()
                                        + "): gateway "
                                        + s.gatewayUrl()
                                        + ", portal "
                                        + s.portalUrl())
                        .orElse("");
        return new AlreadyRunningException(
                "Atrium is already running in " + settings.data().path() + where);
    }

    private RunState initialState() {
        return new RunState(
                RunState.Phase.STARTING,
                ProcessIdentity.of(ProcessHandle.current()),
                Instant.now(),
                null,
                settings.gatewayUrl(),
                settings.publicUrl(),
                settings.portalUrl(),
                List.of());
    }

    /** Stops all in order; a second call waits for the first. */
    public synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        if (fleet != null) {
            fleet.stop();
        }
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException e) {
                console.say("the lock could not be released: " + e.getMessage());
            }
        }
    }

    private static String message(IOException e) {
        String text = e.getMessage();
        return text == null ? e.toString() : text;
    }
}
