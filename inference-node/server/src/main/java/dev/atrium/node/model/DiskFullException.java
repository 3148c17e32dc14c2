package dev.atrium.node.model;

import dev.atrium.registry.api.catalog.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** This node's disk has no room for a file of the version; another node may have. */
final class DiskFullException extends RuntimeException {
    private static final long LEAST_ROOM = 1 << 18;

    DiskFullException(ModelFile file, Throwable cause) {
        super(
                "the disk of this node has no room for the file '"
                        + file.path()
                        + "' of "
                        + file.bytes()
                        + " bytes; free some space and deploy the version again",
                cause);
    }

    /** Java has no type for it, and the system's words depend on its language. */
    static boolean isFull(IOException failure, Path where) {
        String words = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return Stream.of("no space left", "quota exceeded", "file too large")
                        .anyMatch(words::contains)
                || isWithoutRoom(where);
    }

    private static boolean isWithoutRoom(Path where) {
        try {
            return Files.getFileStore(where).getUsableSpace() < LEAST_ROOM;
        } catch (IOException unknown) {
            return false;
        }
    }
}
