package dev.atrium.node.worker;

import dev.atrium.node.storage.PrivateFolder;
import java.nio.file.Path;

/** What one worker finds on its own disk space. */
record WorkerFolder(Path path) {
    static final String SOCKET = "s";
    static final String SCRATCH = "tmp";

    Path socket() {
        return path.resolve(SOCKET);
    }

    Path scratch() {
        return path.resolve(SCRATCH);
    }

    Path arguments() {
        return path.resolve("args");
    }

    void remove() {
        PrivateFolder.removeTree(path);
    }
}
