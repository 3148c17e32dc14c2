package dev.atrium.node.inference;

import dev.atrium.node.engine.EngineException;
import io.netty.buffer.ByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.stereotype.Component;
import reactor.netty.ByteBufFlux;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Request bodies. A large one is read on a thread of its own as it arrives and is never held as a
 * whole; a small one is read at once where it has arrived, because a thread would cost more.
 */
@Component
class Bodies {
    /** A body that is yet to be read. */
    interface Body {
        /**
         * @param reader gets the body once, whatever happens: a broken one fails where it breaks
         *     off. Must not block on anything else
         */
        void read(Consumer<InputStream> reader);
    }

    /** Buffers that may wait for the reader. */
    private static final int DEMAND = 8;

    /** What a reader is through with before anybody else on the event loop would notice. */
    private static final int MOST_SMALL_BYTES = 16 * 1024;

    private static final byte[] NOTHING = {};
    private static final NettyDataBufferFactory BUFFERS =
            new NettyDataBufferFactory(ByteBufAllocator.DEFAULT);
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final long maxBytes;

    Bodies(InferenceProperties properties) {
        this.maxBytes = properties.maxBody().toBytes();
    }

    Body of(NodeExchange exchange) {
        ByteBufFlux body = exchange.request().receive();
        return isSmall(exchange.contentLength())
                ? reader -> readSmall(body, reader)
                : reader -> Thread.ofVirtual().start(() -> readLarge(body, reader));
    }

    private boolean isSmall(long length) {
        return length >= 0 && length <= Math.min(MOST_SMALL_BYTES, maxBytes);
    }

    private static void readSmall(ByteBufFlux body, Consumer<InputStream> reader) {
        body.aggregate()
                .asByteArray()
                .defaultIfEmpty(NOTHING)
                .subscribe(
                        bytes -> reader.accept(new ByteArrayInputStream(bytes)),
                        failure -> reader.accept(new Broken(failure)));
    }

    /** What the reader leaves unread is not waited for. */
    private void readLarge(ByteBufFlux body, Consumer<InputStream> reader) {
        try (InputStream stream =
                new Bounded(
                        DataBufferUtils.subscriberInputStream(
                                body.retain().map(BUFFERS::wrap), DEMAND))) {
            reader.accept(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T read(InputStream body, Class<T> type) {
        try {
            T value = JSON.readValue(body, type);
            if (value == null) {
                throw EngineException.invalidInput("the body is empty");
            }
            return value;
        } catch (JacksonException e) {
            throw EngineException.invalidInput("the body is not what this call takes");
        }
    }

    static ByteBuffer readAll(InputStream body) {
        try {
            return ByteBuffer.wrap(body.readAllBytes());
        } catch (IOException e) {
            throw breaksOff();
        }
    }

    private static EngineException breaksOff() {
        return EngineException.invalidInput("the body breaks off");
    }

    private static final class Broken extends InputStream {
        private final Throwable why;

        Broken(Throwable why) {
            this.why = why;
        }

        @Override
        public int read() throws IOException {
            throw new IOException("the body breaks off", why);
        }
    }

    private final class Bounded extends FilterInputStream {
        private long left = maxBytes;

        Bounded(InputStream source) {
            super(source);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int bytes) {
            left -= bytes;
            if (left < 0) {
                throw EngineException.invalidInput(
                        "the body is larger than " + maxBytes + " bytes");
            }
        }
    }
}
