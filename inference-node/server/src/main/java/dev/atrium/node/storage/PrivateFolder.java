package dev.atrium.node.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder for the life of one process, which no other user can look into. Whoever makes one in the
 * same place removes those of processes that are gone, because a killed one removes nothing.
 */
public final class PrivateFolder {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateFolder.class);
    private static final String PREFIX = "atrium-";
    private static final String OWNER_FILE = "owner";

    /** Longer than the moment between making a folder and saying whose it is. */
    private static final Duration UNNAMED = Duration.ofMinutes(1);

    private final Path path;

    private PrivateFolder(Path path) {
        this.path = path;
    }

    public static PrivateFolder create(Path parent) throws IOException {
        Files.createDirectories(parent);
        var ownerOnly = PosixFilePermissions.fromString("rwx------");
        Path path =
                Files.createTempDirectory(
                        parent.toRealPath(),
                        PREFIX,
                        PosixFilePermissions.asFileAttribute(ownerOnly));
        Files.writeString(path.resolve(OWNER_FILE), owner(ProcessHandle.current()));
        sweep(path);
        return new PrivateFolder(path);
    }

    public Path path() {
        return path;
    }

    public void remove() {
        removeTree(path);
    }

    private static void sweep(Path own) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(own.getParent(), PREFIX + "*")) {
            for (Path folder : left) {
                if (isOfThisUser(folder, own) && isLeft(folder)) {
                    removeTree(folder);
                }
            }
        }
    }

    private static boolean isOfThisUser(Path folder, Path own) throws IOException {
        try {
            return Files.isDirectory(folder) && Files.getOwner(folder).equals(Files.getOwner(own));
        } catch (NoSuchFileException removedMeanwhile) {
            return false;
        }
    }

    private static boolean isLeft(Path folder) throws IOException {
        Path owner = folder.resolve(OWNER_FILE);
        try {
            if (Files.exists(owner)) {
                return !isAlive(Files.readString(owner));
            }
            Instant made = Files.getLastModifiedTime(folder).toInstant();
            return made.isBefore(Instant.now().minus(UNNAMED));
        } catch (NoSuchFileException removedMeanwhile) {
            return false;
        }
    }

    /** Process id and start, because ids come again. */
    private static String owner(ProcessHandle process) {
        return process.pid() + " " + process.info().startInstant().orElseThrow().toEpochMilli();
    }

    private static boolean isAlive(String owner) {
        try {
            long pid = Long.parseLong(owner.substring(0, Math.max(0, owner.indexOf(' '))));
            return ProcessHandle.of(pid).filter(p -> owner(p).equals(owner)).isPresent();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** With all that is in it; what cannot be removed is logged and left to the next start. */
    public static void removeTree(Path folder) {
        try {
            if (Files.exists(folder)) {
                Trees.remove(folder);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("a folder could not be removed: {}", e.getMessage());
        }
    }
}
