package dev.atrium.migrations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A running PostgreSQL server, as the pid file in its data folder names it.
 *
 * <p>The file outlives a killed server, and its number may by then belong to another program, so
 * the process is believed only when it is PostgreSQL.
 */
record Postmaster(long pid, int port, ProcessHandle process) {
    private static final String POSTGRES = "postgres";
    private static final int PORT_LINE = 3;
    private static final Duration FAST_LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration SESSIONS_LIMIT = Duration.ofSeconds(5);
    private static final Duration IMMEDIATE_LIMIT = Duration.ofSeconds(10);

    static Optional<Postmaster> of(Path data) {
        try {
            Path file = pidFile(data);
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            List<String> lines = Files.readAllLines(file);
            if (lines.size() <= PORT_LINE) {
                return Optional.empty();
            }
            long pid = Long.parseLong(lines.getFirst().strip());
            int port = Integer.parseInt(lines.get(PORT_LINE).strip());
            return ProcessHandle.of(pid)
                    .filter(Postmaster::isPostgres)
                    .map(process -> new Postmaster(pid, port, process));
        } catch (IOException | NumberFormatException unreadable) {
            // Written in this moment, or cut off by a full disk: PostgreSQL itself decides then.
            return Optional.empty();
        }
    }

    /**
     * Removes the pid file of a server that is gone. PostgreSQL would refuse to start where the
     * number in it now belongs to any process of the same user, be it dead and not buried.
     */
    static void forgetDead(Path data) throws IOException {
        Path file = pidFile(data);
        if (Files.exists(file) && of(data).isEmpty() && Files.size(file) > 0) {
            Files.delete(file);
        }
    }

    /**
     * Removes the lock of a gone server's socket: PostgreSQL refuses to start where the process in
     * it is dead but not yet buried by its parent.
     */
    static void forgetSocket(Path data, int port) throws IOException {
        if (of(data).isEmpty()) {
            Files.deleteIfExists(data.resolveSibling(".s.PGSQL." + port + ".lock"));
        }
    }

    /**
     * Waits for the sessions of a server that is gone. Killed alone, it leaves them behind for a
     * moment, and PostgreSQL does not start beside them; those that do not go are killed, too.
     */
    static void outliveSessions(Path data) throws IOException {
        Set<ProcessHandle> sessions = sessions(data);
        long patience = System.nanoTime() + SESSIONS_LIMIT.toNanos();
        long end = patience + IMMEDIATE_LIMIT.toNanos();
        while (!sessions.isEmpty()) {
            long now = System.nanoTime();
            if (now > end) {
                throw new IOException(
                        "processes of a former PostgreSQL do not end: "
                                + sessions.stream().map(ProcessHandle::pid).toList());
            }
            if (now > patience) {
                sessions.forEach(ProcessHandle::destroyForcibly);
            }
            pause("sessions of a former PostgreSQL end");
            sessions = sessions(data);
        }
    }

    /**
     * Every process of PostgreSQL works in its data folder; a living server's have it as parent.
     */
    private static Set<ProcessHandle> sessions(Path data) throws IOException {
        if (!Files.isDirectory(data) || !Files.isDirectory(Path.of("/proc/self"))) {
            return Set.of();
        }
        Path folder = data.toRealPath();
        return ProcessHandle.allProcesses()
                .filter(process -> worksIn(folder, process) && isSession(process))
                .filter(process ->
                        process.parent()
                                .flatMap(Postmaster::program)
                                .filter(POSTGRES::equals)
                                .isEmpty())
                .collect(Collectors.toSet());
    }

    private static boolean worksIn(Path folder, ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
                    .equals(folder);
        } catch (IOException endedOrAnotherUsers) {
            return false;
        }
    }

    /** By its title; the server itself has none. */
    private static boolean isSession(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .startsWith("postgres: ");
        } catch (IOException ended) {
            return false;
        }
    }

    private static void pause(String awaited) throws IOException {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + awaited, e);
        }
    }

    /**
     * Ends all sessions and stops, quickly; by force when it takes too long. Returns when the
     * process is gone, which is a moment after its pid file is.
     */
    void stop() throws IOException {
        signal("INT");
        if (!ended(FAST_LIMIT)) {
            signal("QUIT");
            if (!ended(IMMEDIATE_LIMIT)) {
                throw new IOException("PostgreSQL (pid " + pid + ") does not stop");
            }
        }
    }

    /** Polls, because the JDK looks at processes that are not its children only now and then. */
    private boolean ended(Duration limit) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        while (!isGone(process)) {
            if (System.nanoTime() > end) {
                return false;
            }
            pause("PostgreSQL (pid " + pid + ") stops");
        }
        return true;
    }

    private void signal(String name) throws IOException {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL (pid " + pid + ") stops", e);
        }
    }

    private static boolean isPostgres(ProcessHandle process) {
        return !isGone(process)
                // A user other than the server's does not see the program: assume it is.
                && program(process).map(POSTGRES::equals).orElse(true);
    }

    /**
     * A dead process that its parent has not buried (state Z) is gone, too; the JDK calls it alive,
     * and so does PostgreSQL.
     */
    private static boolean isGone(ProcessHandle process) {
        if (!process.isAlive()) {
            return true;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException noProcFolder) {
            return false;
        }
    }

    private static Optional<String> program(ProcessHandle process) {
        return process.info().command().map(command -> Path.of(command).getFileName().toString());
    }

    private static Path pidFile(Path data) {
        return data.resolve("postmaster.pid");
    }
}
