package dev.atrium.node.inference;

import dev.atrium.node.engine.EngineException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads request bodies on virtual threads as they arrive, never holding one as a whole. */
@Component
class Bodies {
    /** Buffers that may wait for the reader. */
    private static final int DEMAND = 8;

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final long maxBytes;

    Bodies(InferenceProperties properties) {
        this.maxBytes = properties.maxBody().toBytes();
    }

    InputStream open(ServerHttpRequest request) {
        return new Bounded(DataBufferUtils.subscriberInputStream(request.getBody(), DEMAND));
    }

    <T> T read(ServerHttpRequest request, Class<T> type) {
        try (InputStream body = open(request)) {
            T value = JSON.readValue(body, type);
            if (value == null) {
                throw EngineException.invalidInput("the body is empty");
            }
            return value;
        } catch (JacksonException e) {
            throw EngineException.invalidInput("the body is not what this call takes");
        } catch (IOException e) {
            throw EngineException.invalidInput("the body breaks off");
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
