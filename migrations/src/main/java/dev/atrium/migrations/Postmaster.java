package dev.atrium.migrations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A running PostgreSQL server, as the pid file in its data folder names it.
 *
 * <p>The file outlives a killed server, and its number may by then belong to another program, so
 * the process is believed only when it is PostgreSQL.
 */
record Postmaster(long pid, int port, ProcessHandle process) {
    private static final int PORT_LINE = 3;
    private static final Duration FAST_LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);
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
     * number in it now belongs to any living process of the same user.
     */
    static void forgetDead(Path data) throws IOException {
        Path file = pidFile(data);
        if (Files.exists(file) && of(data).isEmpty() && Files.size(file) > 0) {
            Files.delete(file);
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
        while (!isGone()) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while PostgreSQL (pid " + pid + ") stops", e);
            }
        }
        return true;
    }

    /** A dead process that its parent has not buried (state Z) is gone, too. */
    private boolean isGone() {
        if (!process.isAlive()) {
            return true;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException noProcFolder) {
            return false;
        }
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
        return process.isAlive()
                && process.info()
                        .command()
                        .map(command -> Path.of(command).getFileName().toString())
                        // A user other than the server's does not see the command: assume it is.
                        .map(name -> name.equals("postgres"))
                        .orElse(true);
    }

    private static Path pidFile(Path data) {
        return data.resolve("postmaster.pid");
    }
}
