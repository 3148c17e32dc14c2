package dev.atrium.node.model;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the cache below its size, and within what its disk has room for, by removing what was not
 * loaded for the longest time. What is placed here is never removed, even when that alone is more
 * than the size.
 */
final class CacheSpace {
    private static final Logger LOG = LoggerFactory.getLogger(CacheSpace.class);

    private static final int DIGEST_DIGITS = 64;
    private static final Pattern ARTIFACT =
            Pattern.compile("[0-9a-f]{64}(-[0-9a-f]{16})?([.]part)?");

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

    /**
     * @param more bytes that come into the cache
     * @param onDisk bytes that its disk needs room for, those included
     */
    synchronized void makeRoom(long more, long onDisk) throws IOException {
        List<Held> files = files();
        long used = files.stream().mapToLong(Held::bytes).sum();
        long usable = Files.getFileStore(folder).getUsableSpace();
        long missing = Math.max(used + more - maxBytes, onDisk - usable);
        for (Held file : files) {
            if (missing <= 0) {
                return;
            }
            if (!wanted.contains(file.digest())) {
                missing -= file.bytes();
                Files.deleteIfExists(file.path());
                LOG.info("artifact {} leaves the cache", file.digest());
            }
        }
    }

    /** Files of another key, or from before there were keys, can only be in the way. */
    synchronized void removeAllBut(String ending) throws IOException {
        for (Held file : files()) {
            String name = file.path().getFileName().toString();
            if (ARTIFACT.matcher(name).matches()
                    && !name.replace(ArtifactCache.PARTIAL, "").endsWith(ending)) {
                Files.deleteIfExists(file.path());
            }
        }
    }

    /** Oldest first, without what is gone by the time it is looked at. */
    private List<Held> files() throws IOException {
        List<Held> files = new ArrayList<>();
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes now) {
                        files.add(new Held(file, now.size(), now.lastModifiedTime()));
                        return FileVisitResult.CONTINUE;
                    }

                    /** A download that ends takes its final name. */
                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure)
                            throws IOException {
                        if (failure instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw failure;
                    }
                });
        files.sort(Comparator.comparing(Held::lastUse));
        return files;
    }

    private record Held(Path path, long bytes, FileTime lastUse) {
        String digest() {
            String name = path.getFileName().toString();
            return name.substring(0, Math.min(DIGEST_DIGITS, name.length()));
        }
    }
}
