package dev.atrium.migrations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The data folder of a cluster, looked at from outside. */
final class ClusterFolder {
    private ClusterFolder() {}

    /**
     * Removes what an interrupted initdb left, which would never start. A cluster that ran even
     * once has {@code postmaster.opts} and is never touched.
     */
    static void discardUnfinished(Path data) throws IOException {
        if (!Files.isDirectory(data) || Files.exists(data.resolve("postmaster.opts"))) {
            return;
        }
        List<Path> contents;
        try (Stream<Path> tree = Files.walk(data)) {
            contents = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : contents) {
            Files.delete(path);
        }
    }

    /** Why a server did not start, in words that help. */
    static String explain(Path data, Throwable failure) {
        boolean root = "root".equals(System.getProperty("user.name"));
        String message = "PostgreSQL did not start on " + data + ": " + failure.getMessage();
        return root
                ? message
                        + "; as root it needs user namespaces (`unshare -U true` must work), so"
                        + " allow them or run as an ordinary user"
                : message;
    }
}
