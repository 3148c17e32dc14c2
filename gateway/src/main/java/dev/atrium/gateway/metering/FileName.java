package dev.atrium.gateway.metering;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Under which name an open file was made, and whether it still leads to it: what is written to a
 * file that was removed, or whose folder was, is found by nobody.
 *
 * @param key tells the file from others; null where the file system has no such thing
 * @param device that its folder is on; null where that is not known
 */
record FileName(Path path, @Nullable Object key, @Nullable Object device) {
    static FileName of(Path path) throws IOException {
        return new FileName(path, key(path), device(path));
    }

    /** Whether the name leads to another file or to none; false where that cannot be found out. */
    boolean isLost() {
        try {
            Object now = key(path);
            return key != null && !key.equals(now);
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * @throws IOException where the folder is gone, or another file system's: what was mounted
     *     there is away
     */
    void requireSameDevice() throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        Object now = folder == null ? null : device(folder);
        if (device != null && !device.equals(now)) {
            throw new IOException(folder + " is on another file system than before");
        }
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    private static @Nullable Object device(Path path) throws IOException {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? Files.getAttribute(path, "unix:dev")
                : null;
    }
}
