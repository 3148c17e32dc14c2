package dev.atrium.node.worker;

import dev.atrium.node.storage.PrivateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The models that a shared worker may read: a folder that it sees and that files are linked into
 * before they are loaded, because what is behind a wall cannot be shown anything new.
 */
record Shelf(Path folder) {

    static Shelf make(Path parent) {
        try {
            Files.createDirectories(parent);
            return new Shelf(Files.createTempDirectory(parent.toRealPath(), "shelf"));
        } catch (IOException e) {
            throw new UncheckedIOException("the platform's models cannot be shown to a worker", e);
        }
    }

    /** Removes what a killed supervisor left. */
    static void clear(Path parent) {
        if (Files.isDirectory(parent)) {
            PrivateFolder.removeTree(parent);
        }
    }

    /** The files of one model, where the worker finds them. */
    Map<String, Path> put(long key, Map<String, Path> files) {
        Map<String, Path> links = new HashMap<>();
        try {
            Path model = Files.createDirectory(folder.resolve(Long.toString(key)));
            for (Map.Entry<String, Path> file : files.entrySet()) {
                Path link = model.resolve(Integer.toString(links.size()));
                links.put(file.getKey(), link(file.getValue(), link));
            }
            return links;
        } catch (IOException e) {
            throw new UncheckedIOException("a model cannot be shown to its worker", e);
        }
    }

    /** A copy where the disk is another, or has no links. */
    private static Path link(Path file, Path link) throws IOException {
        try {
            return Files.createLink(link, file);
        } catch (IOException | UnsupportedOperationException e) {
            return Files.copy(file, link);
        }
    }

    void remove(long key) {
        PrivateFolder.removeTree(folder.resolve(Long.toString(key)));
    }

    void remove() {
        PrivateFolder.removeTree(folder);
    }
}
