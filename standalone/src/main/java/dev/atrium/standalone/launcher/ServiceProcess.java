package dev.atrium.standalone.launcher;

import dev.atrium.standalone.process.ProcessIdentity;
import dev.atrium.standalone.process.ProcessTable;
import dev.atrium.standalone.process.RunState;
import dev.atrium.standalone.settings.FolderTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One service's process, started again as often as asked. */
final class ServiceProcess {
    private static final Duration FORCED_LIMIT = Duration.ofSeconds(5);

    private final ProcessTable table;
    private final Console console;
    private final ServiceLog log;
    private final Consumer<ServiceProcess> onDeath;
    private volatile Service service;
    private boolean isToBeginAnew;
    private @Nullable Process process;
    private Instant since = Instant.EPOCH;
    private int starts;

    /**
     * @param onDeath told about every end of the process, wanted or not, in a thread of its own
     */
    ServiceProcess(
            Service service,
            ProcessTable table,
            Console console,
            ServiceLog log,
            Consumer<ServiceProcess> onDeath) {
        this.service = service;
        this.table = table;
        this.console = console;
        this.log = log;
        this.onDeath = onDeath;
    }

    Service service() {
        return service;
    }

    synchronized void start() throws IOException {
        if (isToBeginAnew) {
            FolderTree.remove(service.directory());
            isToBeginAnew = false;
        }
        Path temporary = Service.temporary(service.directory());
        FolderTree.remove(temporary);
        Files.createDirectories(temporary);
        ProcessBuilder builder =
                new ProcessBuilder(service.command())
                        .directory(service.directory().toFile())
                        .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(service.environment());
        Process started = builder.start();
        started.getOutputStream().close();
        process = started;
        since = Instant.now();
        starts++;
        table.put(
                new RunState.Entry(
                        service.title(),
                        ProcessIdentity.of(started.toHandle()),
                        service.port(),
                        service.readiness(),
                        since,
                        starts - 1));
        Thread.ofVirtual().name("log-" + service.title()).start(() -> follow(started));
    }

    /**
     * Kills it with -9. What starts next in its place is another, which finds nothing in the
     * folder.
     *
     * @param identity variables in which that one differs
     */
    synchronized void lose(Map<String, String> identity) {
        service = service.with(identity);
        isToBeginAnew = true;
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** Copies what the process prints until it ends. */
    private void follow(Process started) {
        try (BufferedReader lines = started.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.write(line);
                console.fromService(service.title(), line);
            }
        } catch (IOException closed) {
            log.write("(output ended: " + closed.getMessage() + ")");
        }
        started.onExit().join();
        onDeath.accept(this);
    }

    synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    synchronized Duration uptime() {
        return Duration.between(since, Instant.now());
    }

    synchronized int starts() {
        return starts;
    }

    /** How it ended; meaningful once it is not alive. */
    synchronized int exitCode() {
        return process == null || process.isAlive() ? 0 : process.exitValue();
    }

    List<String> newestLines() {
        return log.newest();
    }

    /** Asks it to end, and kills it with everything it started when it does not. */
    void stop(Duration limit) {
        Process running;
        synchronized (this) {
            running = process;
        }
        if (running != null) {
            Ending.end(running.toHandle(), limit, FORCED_LIMIT);
        }
        table.remove(service.title());
    }

    void closeLog() throws IOException {
        log.close();
    }

    /** Waits for the end, as a step of the launcher's own waiting. */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        Process running;
        synchronized (this) {
            running = process;
        }
        return running == null || running.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}
