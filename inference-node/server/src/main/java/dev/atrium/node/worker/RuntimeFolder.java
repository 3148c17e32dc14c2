package dev.atrium.node.worker;

import dev.atrium.node.storage.PrivateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A short-lived folder for this supervisor: one sub-folder per worker with its socket, arguments
 * and scratch space. Killed native code leaves its unpacked libraries behind, so the parent removes
 * the whole folder, and the next supervisor removes those of dead ones.
 */
final class RuntimeFolder {
    /** {@code sun_path} less its closing zero. */
    private static final int MAX_SOCKET_PATH_BYTES = 107;

    private final PrivateFolder root;
    private final AtomicInteger next = new AtomicInteger();

    private RuntimeFolder(PrivateFolder root) {
        this.root = root;
    }

    static RuntimeFolder create(Path parent) throws IOException {
        RuntimeFolder folder = new RuntimeFolder(PrivateFolder.create(parent));
        folder.requireShortPath();
        return folder;
    }

    private void requireShortPath() {
        String longest = root.path().resolve("99999").resolve(WorkerFolder.SOCKET).toString();
        if (longest.getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH_BYTES) {
            throw new IllegalStateException(
                    "the folder of atrium.node.worker.runtime-dir is too long for sockets ("
                            + MAX_SOCKET_PATH_BYTES
                            + " bytes); use a shorter one, such as /tmp");
        }
    }

    WorkerFolder newWorkerFolder() throws IOException {
        Path folder =
                Files.createDirectory(
                        root.path().resolve(Integer.toString(next.incrementAndGet())));
        Files.createDirectory(folder.resolve(WorkerFolder.SCRATCH));
        return new WorkerFolder(folder);
    }

    void remove() {
        root.remove();
    }
}
