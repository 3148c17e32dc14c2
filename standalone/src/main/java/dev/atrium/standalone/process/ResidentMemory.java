package dev.atrium.standalone.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Memory in use by a process and everything it started.
 *
 * <p>Shared memory segments (PostgreSQL's buffers, which every backend maps) count once for the
 * group, at the size of the process that touched most of them.
 */
public final class ResidentMemory {
    private ResidentMemory() {}

    /** Bytes of this process alone; 0 when it is gone. */
    public static long ofOne(long pid) {
        return sum(List.of(pid));
    }

    /** Bytes of the process and its descendants. */
    public static long ofTree(ProcessHandle root) {
        try (Stream<ProcessHandle> children = root.descendants()) {
            return sum(Stream.concat(Stream.of(root), children).map(ProcessHandle::pid).toList());
        }
    }

    private static long sum(Collection<Long> pids) {
        if (!Files.exists(Path.of("/proc/self/status"))) {
            return pids.stream().mapToLong(ResidentMemory::fromPs).sum();
        }
        long own = 0;
        long shared = 0;
        for (long pid : pids) {
            Map<String, Long> sizes = fromProc(pid);
            own += sizes.getOrDefault("RssAnon", 0L) + sizes.getOrDefault("RssFile", 0L);
            shared = Math.max(shared, sizes.getOrDefault("RssShmem", 0L));
        }
        return own + shared;
    }

    private static Map<String, Long> fromProc(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("Rss"))
                    .map(line -> line.split("[:\\s]+"))
                    .collect(
                            Collectors.toMap(
                                    parts -> parts[0], parts -> Long.parseLong(parts[1]) * 1024));
        } catch (IOException | UncheckedIOException gone) {
            return Map.of();
        }
    }

    private static long fromPs(long pid) {
        try {
            Process ps =
                    new ProcessBuilder(List.of("ps", "-o", "rss=", "-p", Long.toString(pid)))
                            .start();
            String text = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return text.isBlank() ? 0 : Long.parseLong(text.strip()) * 1024;
        } catch (IOException withoutPs) {
            return 0;
        }
    }
}
