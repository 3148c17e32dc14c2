package dev.atrium.node.worker.ipc;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Frames over one socket: {@code u32 length, u8 type, u64 id, u32 head length, head, body}, all
 * little-endian, the length counting what follows it. Many threads may send; one receives.
 */
public final class FrameChannel implements Closeable {
    private static final int PREFIX_BYTES = 4 + 1 + 8 + 4;
    private static final int READ_BUFFER_BYTES = 64 * 1024;

    private final SocketChannel channel;
    private final int maxHeadBytes;
    private final long maxFrameBytes;
    private final ReentrantLock sending = new ReentrantLock();
    private final ByteBuffer incoming =
            ByteBuffer.allocateDirect(READ_BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);

    public FrameChannel(SocketChannel channel, int maxHeadBytes, long maxFrameBytes) {
        this.channel = channel;
        this.maxHeadBytes = maxHeadBytes;
        this.maxFrameBytes = maxFrameBytes;
    }

    /**
     * Returns when everything is handed to the socket; the buffers may be used again then.
     *
     * @throws FrameTooLargeException before anything is sent; the connection stays usable
     */
    public void send(FrameType type, long id, byte[] head, ByteBuffer... body) throws IOException {
        long bodyBytes = 0;
        for (ByteBuffer part : body) {
            bodyBytes += part.remaining();
        }
        long length = PREFIX_BYTES - 4 + head.length + bodyBytes;
        if (length > maxFrameBytes || head.length > maxHeadBytes) {
            throw new FrameTooLargeException(length, maxFrameBytes);
        }
        ByteBuffer[] parts = new ByteBuffer[body.length + 1];
        parts[0] = prefix(type, id, head, (int) length);
        for (int i = 0; i < body.length; i++) {
            parts[i + 1] = body[i].slice();
        }
        sending.lock();
        try {
            writeFully(parts, length + 4);
        } finally {
            sending.unlock();
        }
    }

    private static ByteBuffer prefix(FrameType type, long id, byte[] head, int length) {
        return ByteBuffer.allocate(PREFIX_BYTES + head.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length)
                .put(type.code())
                .putLong(id)
                .putInt(head.length)
                .put(head)
                .flip();
    }

    private void writeFully(ByteBuffer[] parts, long bytes) throws IOException {
        long written = 0;
        while (written < bytes) {
            written += channel.write(parts);
        }
    }

    /** The next frame; empty when the other end has closed between two frames. */
    public Optional<Frame> receive() throws IOException {
        if (!buffer(PREFIX_BYTES)) {
            return Optional.empty();
        }
        long length = Integer.toUnsignedLong(incoming.getInt());
        byte code = incoming.get();
        long id = incoming.getLong();
        long headBytes = Integer.toUnsignedLong(incoming.getInt());
        long bodyBytes = length - (PREFIX_BYTES - 4) - headBytes;
        if (length > maxFrameBytes || headBytes > maxHeadBytes || bodyBytes < 0) {
            throw new ProtocolException("a frame of " + length + " bytes is not allowed");
        }
        FrameType type =
                FrameType.of(code)
                        .orElseThrow(() -> new ProtocolException("unknown frame " + code));
        byte[] head = new byte[(int) headBytes];
        readFully(ByteBuffer.wrap(head));
        ByteBuffer body = ByteBuffer.allocateDirect((int) bodyBytes).order(ByteOrder.LITTLE_ENDIAN);
        readFully(body);
        return Optional.of(new Frame(type, id, head, body.flip()));
    }

    private boolean buffer(int bytes) throws IOException {
        while (incoming.remaining() < bytes) {
            incoming.compact();
            int read = channel.read(incoming);
            incoming.flip();
            if (read < 0) {
                if (incoming.hasRemaining()) {
                    throw new EOFException("the connection ended inside a frame");
                }
                return false;
            }
        }
        return true;
    }

    private void readFully(ByteBuffer target) throws IOException {
        int buffered = Math.min(incoming.remaining(), target.remaining());
        target.put(incoming.slice(incoming.position(), buffered));
        incoming.position(incoming.position() + buffered);
        while (target.hasRemaining()) {
            if (channel.read(target) < 0) {
                throw new EOFException("the connection ended inside a frame");
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
