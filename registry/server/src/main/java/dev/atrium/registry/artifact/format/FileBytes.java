package dev.atrium.registry.artifact.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A little-endian cursor over a file that holds one small window of it in memory, whatever the
 * file's size. Reading past the end rejects the artifact, so callers never see half a value.
 */
public final class FileBytes implements AutoCloseable {
    private static final int WINDOW = 1 << 16;

    private final FileChannel channel;
    private final long size;
    private final Deadline deadline;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN);
    private long windowStart;

    private FileBytes(FileChannel channel, long size, Deadline deadline) {
        this.channel = channel;
        this.size = size;
        this.deadline = deadline;
        this.window.limit(0);
    }

    public static FileBytes open(Path file, Deadline deadline) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            return new FileBytes(channel, channel.size(), deadline);
        } catch (IOException e) {
            throw new UncheckedIOException("an artifact cannot be opened", e);
        }
    }

    public long size() {
        return size;
    }

    public long position() {
        return windowStart + window.position();
    }

    public long remaining() {
        return size - position();
    }

    public Deadline deadline() {
        return deadline;
    }

    public void seek(long position) {
        if (position < 0 || position > size) {
            throw truncated();
        }
        long inWindow = position - windowStart;
        if (inWindow >= 0 && inWindow <= window.limit()) {
            window.position((int) inWindow);
        } else {
            windowStart = position;
            window.limit(0);
        }
    }

    public void skip(long count) {
        if (count < 0 || count > remaining()) {
            throw truncated();
        }
        seek(position() + count);
    }

    public int unsignedByte() {
        require(1);
        return window.get() & 0xff;
    }

    public int unsignedShort() {
        require(Short.BYTES);
        return window.getShort() & 0xffff;
    }

    public int int32() {
        require(Integer.BYTES);
        return window.getInt();
    }

    public long unsignedInt() {
        return int32() & 0xffff_ffffL;
    }

    public long int64() {
        require(Long.BYTES);
        return window.getLong();
    }

    /**
     * @param count bounded by the caller, never a number taken from the file as it is
     */
    public byte[] bytes(int count) {
        if (count > remaining()) {
            throw truncated();
        }
        byte[] result = new byte[count];
        read(result, 0, count);
        return result;
    }

    /** Fills part of the array; all of it or a rejection. */
    public void read(byte[] target, int offset, int count) {
        int done = 0;
        while (done < count) {
            require(1);
            int part = Math.min(count - done, window.remaining());
            window.get(target, offset + done, part);
            done += part;
        }
    }

    private void require(int count) {
        if (window.remaining() >= count) {
            return;
        }
        if (remaining() < count) {
            throw truncated();
        }
        deadline.check();
        windowStart = position();
        window.clear();
        try {
            while (window.position() < count
                    && channel.read(window, windowStart + window.position()) >= 0) {
                // A read may return less than is there.
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an artifact cannot be read", e);
        }
        window.flip();
        if (window.remaining() < count) {
            throw truncated();
        }
    }

    private static ArtifactRejectedException truncated() {
        return new ArtifactRejectedException(
                "the file is truncated: it ends before the data that it announces");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("an artifact cannot be closed", e);
        }
    }
}
