package dev.atrium.node.worker.wall;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends processes that take more memory than they may, where control groups cannot. Looks a few
 * times a second, so what a process takes in between is taken.
 */
final class MemoryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryWatch.class);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final long limit;
    private final Map<Enclosure, Long> watched = new ConcurrentHashMap<>();
    private final Thread watcher;

    MemoryWatch(long limit) {
        this.limit = limit;
        this.watcher = Thread.ofPlatform().daemon().name("memory-watch").start(this::run);
    }

    void watch(Enclosure enclosure, long pid) {
        watched.put(enclosure, pid);
        ProcessEnd.of(enclosure.process()).thenRun(() -> watched.remove(enclosure));
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            watched.forEach((enclosure, pid) -> {
                if (ownBytes(pid) > limit) {
                    LOG.warn("worker {} takes more memory than it may and is ended", pid);
                    enclosure.endForMemory();
                }
            });
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Without the files it has mapped, which the kernel can take back. */
    private static long ownBytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith("RssAnon:") || line.startsWith("RssShmem:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .sum();
        } catch (IOException e) {
            // It has just ended, and takes nothing any more.
            return 0;
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
