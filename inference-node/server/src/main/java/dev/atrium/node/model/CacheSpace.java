package dev.atrium.node.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the cache below its size, and within what its disk has room for, by removing what was not
 * loaded for the longest time. What is placed here is never removed, even when that alone is more
 * than the size.
 */
final class CacheSpace {
    private static final Logger LOG = LoggerFactory.getLogger(CacheSpace.class);

    private final Path folder;
    private final long maxBytes;
    private volatile Set<String> wanted = Set.of();

    CacheSpace(Path folder, long maxBytes) {
        this.folder = folder;
        this.maxBytes = maxBytes;
    }

    /** Digests that some placement names. */
    void keep(Set<String> digests) {
        wanted = Set.copyOf(digests);
    }

    void touch(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    }

    synchronized void makeRoom(long bytes) throws IOException {
        List<Path> files = files();
        long used = files.stream().mapToLong(CacheSpace::size).sum();
        long room = Math.min(maxBytes - used, Files.getFileStore(folder).getUsableSpace());
        for (Path file : files) {
            if (bytes <= room) {
                return;
            }
            if (!wanted.contains(digest(file))) {
                room += size(file);
                Files.deleteIfExists(file);
                LOG.info("artifact {} leaves the cache", digest(file));
            }
        }
    }

    /** Oldest first. */
    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(CacheSpace::lastUse))
                    .toList();
        }
    }

    private static String digest(Path file) {
        return file.getFileName().toString().replace(ArtifactCache.PARTIAL, "");
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileTime lastUse(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
