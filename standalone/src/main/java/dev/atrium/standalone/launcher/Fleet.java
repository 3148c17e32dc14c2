package dev.atrium.standalone.launcher;

import dev.atrium.migrations.LocalPostgres;
import dev.atrium.standalone.process.ProcessTable;
import dev.atrium.standalone.process.RunState;
import dev.atrium.standalone.settings.DataFolder;
import dev.atrium.standalone.settings.Secrets;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The running processes of one start: PostgreSQL first, then every service as soon as what it waits
 * for is ready; the stop goes the other way round.
 */
final class Fleet {
    private static final Duration READY_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DataFolder data;
    private final ProcessTable table;
    private final Console console;
    private final Database database;
    private final List<Service> services;
    private final Duration sound;
    private final Map<String, ServiceProcess> processes = new ConcurrentHashMap<>();
    private final Map<String, BackOff> backOffs = new ConcurrentHashMap<>();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Readiness readiness = new Readiness();
    private volatile boolean stopping;

    /**
     * @param sound a process that lived this long is started again at once when it dies
     */
    Fleet(
            DataFolder data,
            List<Service> services,
            Duration sound,
            LocalPostgres.Site site,
            Secrets secrets,
            ProcessTable table,
            Console console) {
        this.data = data;
        this.services = services;
        this.sound = sound;
        this.table = table;
        this.console = console;
        this.database = new Database(site, secrets, table, this::databaseEnded);
    }

    /**
     * @param begin nanoseconds at which the person asked for the start
     * @return whether all is ready; false when it was stopped meanwhile
     */
    boolean start(long begin) throws StartFailedException, InterruptedException {
        try {
            startDatabase();
            startServices();
            return markReady(since(begin));
        } catch (IOException e) {
            throw new StartFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    /** From here on a death means a restart; before, it ends the start. */
    private synchronized boolean markReady(double seconds) throws StartFailedException {
        if (stopping) {
            return false;
        }
        for (ServiceProcess process : processes.values()) {
            if (!process.isAlive()) {
                throw died(process);
            }
        }
        table.ready(seconds);
        console.say("All ready after %.1f s.".formatted(seconds));
        return true;
    }

    private synchronized boolean isRestarting() {
        return !stopping && table.state().phase() == RunState.Phase.READY;
    }

    private void startDatabase() throws IOException {
        long begin = System.nanoTime();
        database.start();
        sayReady(Database.TITLE, begin, database.address());
    }

    private void startServices() throws IOException, StartFailedException, InterruptedException {
        Map<String, CompletableFuture<Void>> ready = new HashMap<>();
        for (Service service : services) {
            ServiceProcess process = open(service);
            CompletableFuture<?>[] before =
                    service.after().stream().map(ready::get).toArray(CompletableFuture[]::new);
            ready.put(
                    service.title(),
                    CompletableFuture.allOf(before)
                            .thenRunAsync(() -> startUnchecked(process), executor));
        }
        awaitAll(List.copyOf(ready.values()));
    }

    private synchronized ServiceProcess open(Service service) throws IOException {
        ServiceLog log = new ServiceLog(data.log(service.title()));
        ServiceProcess process =
                new ServiceProcess(service, table, console, log, this::serviceEnded);
        processes.put(service.title(), process);
        backOffs.put(service.title(), new BackOff(sound));
        return process;
    }

    /** Returns when the first one failed or the last one is ready. */
    private static void awaitAll(List<CompletableFuture<Void>> futures)
            throws StartFailedException, InterruptedException {
        CompletableFuture<Void> all = new CompletableFuture<>();
        for (CompletableFuture<Void> future : futures) {
            future.whenComplete((nothing, failure) -> {
                if (failure != null) {
                    all.completeExceptionally(failure);
                }
            });
        }
        CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .whenComplete((nothing, failure) -> all.complete(null));
        try {
            all.get();
        } catch (ExecutionException | CancellationException e) {
            Throwable cause = e;
            while (cause instanceof CompletionException || cause instanceof ExecutionException) {
                cause = cause.getCause() == null ? new IOException("unknown") : cause.getCause();
            }
            throw cause instanceof StartFailedException failed
                    ? failed
                    : new StartFailedException(String.valueOf(cause.getMessage()), cause);
        }
    }

    private void startUnchecked(ServiceProcess process) {
        try {
            startAndAwait(process);
        } catch (StartFailedException | IOException e) {
            throw new CompletionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }

    private void startAndAwait(ServiceProcess process)
            throws IOException, StartFailedException, InterruptedException {
        long begin = System.nanoTime();
        synchronized (this) {
            if (stopping) {
                return;
            }
            process.start();
        }
        Duration told = PATIENCE;
        while (!readiness.answers(process.service().readiness())) {
            if (stopping) {
                return;
            }
            if (process.awaitEnd(POLL)) {
                throw died(process);
            }
            double seconds = since(begin);
            if (seconds > READY_LIMIT.toSeconds()) {
                throw new StartFailedException(notReady(process));
            }
            if (seconds > told.toSeconds()) {
                console.say(
                        "  %-16s … %d s".formatted(process.service().title(), told.toSeconds()));
                told = told.multipliedBy(2);
            }
        }
        sayReady(process.service().title(), begin, process.service().address());
    }

    private StartFailedException died(ServiceProcess process) {
        return new StartFailedException(
                "%s ended with exit code %d while it started; its last lines:\n%s\nAll of them: %s"
                        .formatted(
                                process.service().title(),
                                process.exitCode(),
                                indent(process.newestLines()),
                                data.log(process.service().title())));
    }

    private String notReady(ServiceProcess process) {
        return "%s is not ready after %d s; its last lines:\n%s\nAll of them: %s"
                .formatted(
                        process.service().title(),
                        READY_LIMIT.toSeconds(),
                        indent(process.newestLines()),
                        data.log(process.service().title()));
    }

    private static String indent(List<String> lines) {
        return lines.isEmpty() ? "    (none)" : "    " + String.join("\n    ", lines);
    }

    private void sayReady(String title, long begin, String address) {
        console.say("  %-16s ready %6.1f s   %s".formatted(title, since(begin), address));
    }

    /** Like a machine that is gone with its disk, and another in its place. */
    void replace(String title, Map<String, String> identity) {
        ServiceProcess process = processes.get(title);
        if (process == null) {
            throw new IllegalArgumentException("there is no " + title);
        }
        process.lose(identity);
    }

    private void serviceEnded(ServiceProcess process) {
        if (!isRestarting()) {
            return;
        }
        BackOff backOff = backOffs.get(process.service().title());
        Duration wait = backOff == null ? PATIENCE : backOff.after(process.uptime());
        console.say(
                "%s died (exit code %d); it starts again in %.1f s"
                        .formatted(
                                process.service().title(),
                                process.exitCode(),
                                wait.toMillis() / 1000.0));
        executor.execute(() -> restart(process, wait));
    }

    private void restart(ServiceProcess process, Duration wait) {
        try {
            Thread.sleep(wait);
            startAndAwait(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | StartFailedException e) {
            // A death while starting is told to serviceEnded too, which tries again.
            console.say(String.valueOf(e.getMessage()));
        }
    }

    private void databaseEnded() {
        if (!isRestarting()) {
            return;
        }
        console.say("PostgreSQL died; it starts again");
        try {
            startDatabase();
        } catch (IOException e) {
            console.say("PostgreSQL did not start again: " + e.getMessage());
        }
    }

    /** Portal, gateway, node, registry, PostgreSQL. */
    void stop() {
        synchronized (this) {
            stopping = true;
        }
        table.phase(RunState.Phase.STOPPING);
        for (Service service : services.reversed()) {
            ServiceProcess process = processes.get(service.title());
            if (process != null && process.isAlive()) {
                long begin = System.nanoTime();
                process.stop(STOP_LIMIT);
                sayStopped(service.title(), begin);
            }
        }
        stopDatabase();
        executor.shutdownNow();
        readiness.close();
        closeLogs();
    }

    private void stopDatabase() {
        long begin = System.nanoTime();
        try {
            database.stop();
            sayStopped(Database.TITLE, begin);
        } catch (IOException e) {
            console.say("PostgreSQL did not stop: " + e.getMessage());
        }
    }

    private void closeLogs() {
        for (ServiceProcess process : processes.values()) {
            try {
                process.closeLog();
            } catch (IOException e) {
                console.say("a log could not be closed: " + e.getMessage());
            }
        }
    }

    private void sayStopped(String title, long begin) {
        console.say("  %-16s stopped %4.1f s".formatted(title, since(begin)));
    }

    private static double since(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
