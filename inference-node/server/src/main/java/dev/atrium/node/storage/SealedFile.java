package dev.atrium.node.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads what {@link SealedOutput} wrote. */
public final class SealedFile {
    private SealedFile() {}

    /** Bytes on the disk for so many plain ones. */
    public static long sealedBytes(long plainBytes) {
        long segments = Math.ceilDiv(plainBytes, Segments.PLAIN_BYTES);
        return Segments.SALT_BYTES + plainBytes + segments * Segments.OVERHEAD_BYTES;
    }

    /**
     * Writes the plain bytes to the target, each segment once it is known to be right. A file that
     * was cut between two segments is not noticed here: the caller knows its length.
     *
     * @throws DamagedFileException when something in it is not what was sealed
     */
    public static void open(Path path, NodeKey key, String name, OutputStream target)
            throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] salt = in.readNBytes(Segments.SALT_BYTES);
            if (salt.length < Segments.SALT_BYTES) {
                throw new DamagedFileException("the file is cut off");
            }
            Segments segments = new Segments(key, salt, name);
            byte[] sealed = new byte[Segments.SEALED_BYTES];
            long number = 0;
            int read = in.readNBytes(sealed, 0, sealed.length);
            while (read > 0) {
                target.write(segments.open(number, sealed, read));
                number++;
                read = in.readNBytes(sealed, 0, sealed.length);
            }
        }
    }
}
