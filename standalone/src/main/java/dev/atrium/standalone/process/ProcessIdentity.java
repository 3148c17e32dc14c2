package dev.atrium.standalone.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that cannot be mistaken for a later one with the same number.
 *
 * @param start when it began: clock ticks since boot where /proc tells (exact, and untouched by
 *     changes of the clock), otherwise milliseconds since 1970
 */
public record ProcessIdentity(long pid, long start) {
    /**
     * Position of the start time in /proc/pid/stat, counted after the command's closing bracket.
     */
    private static final int START_FIELD = 19;

    private static final Duration POLL = Duration.ofMillis(20);

    /** Dead, but not yet buried by its parent. */
    private static final String ZOMBIE = "Z";

    public static ProcessIdentity of(ProcessHandle process) {
        return new ProcessIdentity(process.pid(), startOf(process).orElse(0L));
    }

    public static ProcessIdentity of(long pid) {
        return ProcessHandle.of(pid)
                .map(ProcessIdentity::of)
                .orElseGet(() -> new ProcessIdentity(pid, 0L));
    }

    /** The process, while it lives. */
    public Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> startOf(process).filter(s -> s == start).isPresent());
    }

    public boolean lives() {
        return find().isPresent();
    }

    /**
     * Waits for the end by looking often; the JDK looks at processes that are not its children only
     * now and then.
     *
     * @return whether it came in time
     */
    public boolean awaitEnd(Duration limit) {
        return awaitEnd(limit, POLL);
    }

    /**
     * @param interval between two looks
     */
    public boolean awaitEnd(Duration limit, Duration interval) {
        long end = System.nanoTime() + limit.toNanos();
        while (lives()) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                Thread.sleep(interval);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return !lives();
            }
        }
        return true;
    }

    private static Optional<Long> startOf(ProcessHandle process) {
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        if (!Files.exists(Path.of("/proc/self/stat"))) {
            return process.info().startInstant().map(Instant::toEpochMilli);
        }
        try {
            String text = Files.readString(stat);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            if (fields[0].equals(ZOMBIE)) {
                return Optional.empty();
            }
            return Optional.of(Long.parseLong(fields[START_FIELD]));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
