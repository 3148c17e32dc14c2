package dev.atrium.node.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
        List<Held> files = files();
        long used = files.stream().mapToLong(Held::bytes).sum();
        long room = Math.min(maxBytes - used, Files.getFileStore(folder).getUsableSpace());
        for (Held file : files) {
            if (bytes <= room) {
                return;
            }
            if (!wanted.contains(file.digest())) {
                room += file.bytes();
                Files.deleteIfExists(file.path());
                LOG.info("artifact {} leaves the cache", file.digest());
            }
        }
    }

    /** Oldest first. */
    private List<Held> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.map(Held::of)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparing(Held::lastUse))
                    .toList();
        }
    }

    private record Held(Path path, long bytes, FileTime lastUse) {
        /** Empty for folders, and for a download that has just got its final name. */
        static Optional<Held> of(Path path) {
            try {
                var now = Files.readAttributes(path, BasicFileAttributes.class);
                return now.isRegularFile()
                        ? Optional.of(new Held(path, now.size(), now.lastModifiedTime()))
                        : Optional.empty();
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String digest() {
            return path.getFileName().toString().replace(ArtifactCache.PARTIAL, "");
        }
    }
}
