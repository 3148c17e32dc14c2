package dev.atrium.node.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;

/**
 * Writes a sealed file, going on where an earlier writer of it ended. What a killed writer had not
 * finished, less than one segment, is left out and must be written again.
 */
public final class SealedOutput extends OutputStream {
    private final FileChannel file;
    private final NodeKey key;
    private final String name;
    private final byte[] segment = new byte[Segments.PLAIN_BYTES];
    private Segments segments;
    private long number;
    private int filled;

    private SealedOutput(FileChannel file, NodeKey key, String name, Segments segments) {
        this.file = file;
        this.key = key;
        this.name = name;
        this.segments = segments;
    }

    /**
     * @param name what the file holds; it is read under the same name
     */
    public static SealedOutput append(Path path, NodeKey key, String name) throws IOException {
        FileChannel file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            byte[] salt = read(file, 0, Segments.SALT_BYTES);
            boolean begun = salt.length == Segments.SALT_BYTES;
            Segments segments = begun ? new Segments(key, salt, name) : begin(file, key, name);
            SealedOutput output = new SealedOutput(file, key, name, segments);
            output.resume();
            return output;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static Segments begin(FileChannel file, NodeKey key, String name) throws IOException {
        byte[] salt = Segments.newSalt();
        file.truncate(0);
        writeAll(file, 0, salt);
        return new Segments(key, salt, name);
    }

    /** The last segment, if it is whole, is taken back and filled up. */
    private void resume() throws IOException {
        long sealed = Math.max(0, file.size() - Segments.SALT_BYTES);
        number = sealed / Segments.SEALED_BYTES;
        byte[] tail = read(file, Segments.position(number), (int) (sealed % Segments.SEALED_BYTES));
        try {
            byte[] plain = tail.length == 0 ? tail : segments.open(number, tail, tail.length);
            System.arraycopy(plain, 0, segment, 0, plain.length);
            filled = plain.length;
        } catch (DamagedFileException torn) {
            filled = 0;
        }
        file.truncate(Segments.position(number));
    }

    /** Plain bytes so far. */
    public long length() {
        return number * Segments.PLAIN_BYTES + filled;
    }

    /** Forgets what was written. */
    public void clear() throws IOException {
        segments = begin(file, key, name);
        number = 0;
        filled = 0;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int from = offset;
        int left = length;
        while (left > 0) {
            int part = Math.min(left, segment.length - filled);
            System.arraycopy(bytes, from, segment, filled, part);
            filled += part;
            from += part;
            left -= part;
            if (filled == segment.length) {
                seal();
                number++;
                filled = 0;
            }
        }
    }

    private void seal() throws IOException {
        writeAll(file, Segments.position(number), segments.seal(number, segment, filled));
    }

    @Override
    public void close() throws IOException {
        try (file) {
            if (filled > 0) {
                seal();
                filled = 0;
            }
        } finally {
            Arrays.fill(segment, (byte) 0);
        }
    }

    private static void writeAll(FileChannel file, long position, byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            file.write(left, position + left.position());
        }
    }

    private static byte[] read(FileChannel file, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        int read = 0;
        while (buffer.hasRemaining() && read >= 0) {
            read = file.read(buffer, position + buffer.position());
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }
}
