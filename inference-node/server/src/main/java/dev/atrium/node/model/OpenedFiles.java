package dev.atrium.node.model;

import dev.atrium.node.storage.PrivateFolder;
import java.nio.file.Path;
import java.util.Map;

/**
 * Plain files of one version, there only while a worker loads them.
 *
 * @param files by their name in the version
 */
record OpenedFiles(Path folder, Map<String, Path> files) implements AutoCloseable {
    OpenedFiles {
        files = Map.copyOf(files);
    }

    @Override
    public void close() {
        PrivateFolder.removeTree(folder);
    }
}
