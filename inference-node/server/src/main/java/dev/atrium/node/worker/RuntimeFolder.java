package dev.atrium.node.worker;

import dev.atrium.node.worker.wall.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A short-lived folder for this supervisor: one sub-folder per worker with its socket, arguments
 * and scratch space. Killed native code leaves its unpacked libraries behind, so the parent removes
 * the whole folder, and the next supervisor removes those of dead ones.
 */
final class RuntimeFolder {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeFolder.class);
    private static final String PREFIX = "atrium-";
    private static final String OWNER_FILE = "owner";

    /** {@code sun_path} less its closing zero. */
    private static final int MAX_SOCKET_PATH_BYTES = 107;

    private final Path root;
    private final AtomicInteger next = new AtomicInteger();

    private RuntimeFolder(Path root) {
        this.root = root;
    }

    static RuntimeFolder create(Path parent) throws IOException {
        Files.createDirectories(parent);
        sweep(parent);
        var ownerOnly = PosixFilePermissions.fromString("rwx------");
        Path root =
                Files.createTempDirectory(
                        parent.toRealPath(),
                        PREFIX,
                        PosixFilePermissions.asFileAttribute(ownerOnly));
        Files.writeString(root.resolve(OWNER_FILE), owner(ProcessHandle.current()));
        RuntimeFolder folder = new RuntimeFolder(root);
        folder.requireShortPath();
        return folder;
    }

    private void requireShortPath() {
        String longest = root.resolve("99999").resolve(WorkerFolder.SOCKET).toString();
        if (longest.getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH_BYTES) {
            throw new IllegalStateException(
                    "the folder of atrium.node.worker.runtime-dir is too long for sockets ("
                            + MAX_SOCKET_PATH_BYTES
                            + " bytes); use a shorter one, such as /tmp");
        }
    }

    WorkerFolder newWorkerFolder() throws IOException {
        Path folder = Files.createDirectory(root.resolve(Integer.toString(next.incrementAndGet())));
        Files.createDirectory(folder.resolve(WorkerFolder.SCRATCH));
        return new WorkerFolder(folder);
    }

    void remove() {
        removeTree(root);
    }

    private static void sweep(Path parent) throws IOException {
        try (var left = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : left) {
                Path owner = folder.resolve(OWNER_FILE);
                if (Files.isReadable(owner) && !isAlive(Files.readString(owner))) {
                    removeTree(folder);
                }
            }
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

    static void removeTree(Path folder) {
        try {
            Trees.remove(folder);
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("a run-time folder could not be removed: {}", e.getMessage());
        }
    }
}
