package dev.atrium.node.worker.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames over a real Unix socket, from friends and foes. */
class FrameChannelIT {
    private static final int MAX_HEAD = 1024;
    private static final long MAX_FRAME = 1 << 20;

    private SocketChannel raw;
    private FrameChannel sender;
    private FrameChannel receiver;

    @BeforeEach
    void connect(@TempDir Path folder) throws IOException {
        var address = UnixDomainSocketAddress.of(folder.resolve("s"));
        try (ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            door.bind(address);
            raw = SocketChannel.open(address);
            sender = new FrameChannel(raw, MAX_HEAD, MAX_FRAME);
            receiver = new FrameChannel(door.accept(), MAX_HEAD, MAX_FRAME);
        }
    }

    @AfterEach
    void close() throws IOException {
        sender.close();
        receiver.close();
    }

    @Test
    void carriesHeadAndBodiesOfManySenders() throws IOException {
        byte[] large = new byte[300_000];
        new Random(1).nextBytes(large);
        List<CompletableFuture<Void>> sends =
                IntStream.range(0, 20)
                        .mapToObj(id -> CompletableFuture.runAsync(() -> send(id, large)))
                        .toList();

        for (int i = 0; i < 20; i++) {
            Frame frame = receiver.receive().orElseThrow();
            assertThat(frame.type()).isEqualTo(FrameType.INFER);
            assertThat(new String(frame.head())).isEqualTo("head " + frame.id());
            byte[] body = new byte[frame.body().remaining()];
            frame.body().get(body);
            assertThat(body).hasSize(large.length + 3).endsWith(1, 2, 3);
        }

        sends.forEach(CompletableFuture::join);
    }

    private void send(int id, byte[] large) {
        try {
            sender.send(
                    FrameType.INFER,
                    id,
                    ("head " + id).getBytes(),
                    ByteBuffer.wrap(large),
                    ByteBuffer.wrap(new byte[] {1, 2, 3}));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void saysThatTheOtherEndIsGone() throws IOException {
        sender.close();

        assertThat(receiver.receive()).isEmpty();
    }

    @Test
    void sendsNothingOfAFrameThatIsTooLarge() throws IOException {
        assertThatThrownBy(() ->
                        sender.send(FrameType.INFER, 1, new byte[0], ByteBuffer.allocate(2 << 20)))
                .isInstanceOf(FrameTooLargeException.class);

        sender.send(FrameType.CANCEL, 2, new byte[0]);
        assertThat(receiver.receive().orElseThrow().id()).isEqualTo(2);
    }

    @Test
    void refusesLengthsBeforeGivingMemory() throws IOException {
        raw.write(prefix(0xFFFF_FFFF, 1, 0));

        assertThatThrownBy(receiver::receive).isInstanceOf(ProtocolException.class);
    }

    @Test
    void refusesAHeadThatIsLongerThanItsFrame() throws IOException {
        raw.write(prefix(20, 1, 500));

        assertThatThrownBy(receiver::receive).isInstanceOf(ProtocolException.class);
    }

    @Test
    void refusesUnknownTypes() throws IOException {
        raw.write(prefix(13, 99, 0));

        assertThatThrownBy(receiver::receive).isInstanceOf(ProtocolException.class);
    }

    @Test
    void tellsACutFrameFromAnEnd() throws IOException {
        raw.write(prefix(100, 1, 10));
        raw.close();

        assertThatThrownBy(receiver::receive).isInstanceOf(EOFException.class);
    }

    private static ByteBuffer prefix(int length, int type, int headLength) {
        return ByteBuffer.allocate(17)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length)
                .put((byte) type)
                .putLong(1)
                .putInt(headLength)
                .flip();
    }
}
