package dev.atrium.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One kept-alive HTTP connection with one request at a time, and no more of the protocol than the
 * node's answers need: a load must not cost what it measures.
 */
final class RawConnection implements AutoCloseable {
    private static final int ANSWER_BYTES = 512 * 1024;
    private static final String LENGTH = "content-length: ";

    private final SocketChannel channel;
    private final ByteBuffer answer = ByteBuffer.allocate(ANSWER_BYTES);
    private long sentNanos;

    RawConnection(int port) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    SocketChannel channel() {
        return channel;
    }

    long sentNanos() {
        return sentNanos;
    }

    void send(ByteBuffer request) throws IOException {
        answer.clear();
        sentNanos = System.nanoTime();
        while (request.hasRemaining()) {
            channel.write(request);
        }
    }

    /** Whether the answer is complete; {@link #head} and {@link #status} speak of it then. */
    boolean receive() throws IOException {
        if (channel.read(answer) < 0) {
            throw new EOFException("the node has closed the connection");
        }
        int end = endOfHead();
        if (end < 0) {
            return false;
        }
        String head = head().toLowerCase(Locale.ROOT);
        int length = head.indexOf(LENGTH);
        if (length >= 0) {
            int lineEnd = head.indexOf('\r', length);
            int bytes = Integer.parseInt(head.substring(length + LENGTH.length(), lineEnd));
            return answer.position() >= end + bytes;
        }
        // In chunks, of which the last one is empty.
        int last = answer.position();
        return last >= end + 5
                && answer.get(last - 5) == '0'
                && answer.get(last - 4) == '\r'
                && answer.get(last - 3) == '\n'
                && answer.get(last - 1) == '\n';
    }

    private int endOfHead() {
        for (int i = 3; i < answer.position(); i++) {
            if (answer.get(i) == '\n' && answer.get(i - 1) == '\r' && answer.get(i - 2) == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    String head() {
        return new String(answer.array(), 0, endOfHead(), StandardCharsets.US_ASCII);
    }

    int status() {
        return Integer.parseInt(
                new String(answer.array(), "HTTP/1.1 ".length(), 3, StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
