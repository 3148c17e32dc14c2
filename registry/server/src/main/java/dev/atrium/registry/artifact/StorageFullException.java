package dev.atrium.registry.artifact;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** The store's disk has no room; nothing of the upload was kept. */
public final class StorageFullException extends RegistryException {
    /** What a block of an upload and its folder need at least. */
    private static final long LEAST_ROOM = 1 << 18;

    private StorageFullException(Throwable cause) {
        super(
                ErrorCode.STORAGE_FULL,
                "the artifact store has no room for this file; nothing of it was kept",
                cause);
    }

    /**
     * Tells a disk without room from one that fails otherwise, which is a fault of ours.
     *
     * @param where a file or folder of the store
     */
    static RuntimeException orUnchecked(IOException failure, Path where) {
        return isFull(failure, where)
                ? new StorageFullException(failure)
                : new UncheckedIOException("the artifact store cannot be written", failure);
    }

    /** Java has no type for it, and the system's words depend on its language. */
    private static boolean isFull(IOException failure, Path where) {
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
