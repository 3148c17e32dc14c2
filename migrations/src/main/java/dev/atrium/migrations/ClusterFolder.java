package dev.atrium.migrations;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What an interrupted first start leaves on disk, and how it is made good. */
final class ClusterFolder {
    private static final int LAST_LINES = 5;

    private ClusterFolder() {}

    /**
     * Removes what an interrupted initdb left, which would never start. A cluster that ran even
     * once has {@code postmaster.opts} and is never touched.
     */
    static void discardUnfinished(Path data) throws IOException {
        if (Files.isDirectory(data) && !Files.exists(data.resolve("postmaster.opts"))) {
            delete(data);
        }
    }

    /** Removes programs that were being unpacked when the unpacking process was killed. */
    static void discardHalfUnpacked(Path binaries) throws IOException {
        if (!Files.isDirectory(binaries)) {
            return;
        }
        List<Path> unpacked;
        try (Stream<Path> folders = Files.list(binaries)) {
            unpacked = folders.filter(f -> f.getFileName().toString().startsWith("PG-")).toList();
        }
        for (Path folder : unpacked) {
            if (!Files.exists(folder.resolve(".exists")) && !isBeingUnpacked(folder)) {
                delete(folder);
            }
        }
    }

    private static boolean isBeingUnpacked(Path folder) throws IOException {
        Path lockFile = folder.resolve("epg-lock");
        if (!Files.exists(lockFile)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> contents;
        try (Stream<Path> tree = Files.walk(folder)) {
            contents = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : contents) {
            Files.delete(path);
        }
    }

    /**
     * Why a server did not start, in words that help.
     *
     * @param output what it said until it wrote its own log
     */
    static String explain(Path data, Path output, Throwable failure) throws IOException {
        boolean root = "root".equals(System.getProperty("user.name"));
        String message =
                "PostgreSQL did not start on "
                        + data
                        + ": "
                        + failure.getMessage()
                        + lastWords(output);
        return root
                ? message
                        + "; as root it needs user namespaces (`unshare -U true` must work), so"
                        + " allow them or run as an ordinary user"
                : message;
    }

    private static String lastWords(Path output) throws IOException {
        if (!Files.exists(output)) {
            return "";
        }
        List<String> lines = Files.readAllLines(output);
        return "; it said: "
                + String.join(
                        " | ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
}
