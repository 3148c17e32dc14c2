package dev.atrium.node.inference;

import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.function.Consumer;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Writes answers and refusals. */
final class Responses {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int CHUNK_BYTES = 16 * 1024;
    private static final int FIRST_BYTES = 512;
    private static final String RETRY_SECONDS = "1";

    private Responses() {}

    static void usage(ServerHttpResponse response, NodeUsage usage) {
        response.getHeaders().set(NodeProtocol.USAGE_HEADER, JSON.writeValueAsString(usage));
    }

    /** At once, with its length: for what is small, threads and chunks would cost more than it. */
    static Mono<Void> whole(
            ServerHttpResponse response, MediaType type, Consumer<OutputStream> writer) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(FIRST_BYTES);
        writer.accept(body);
        response.getHeaders().setContentType(type);
        response.getHeaders().setContentLength(body.size());
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body.toByteArray())));
    }

    /** Streams what the writer produces, as fast as the connection takes it. */
    static Mono<Void> stream(
            ServerHttpResponse response, MediaType type, Consumer<OutputStream> writer) {
        response.getHeaders().setContentType(type);
        var body =
                DataBufferUtils.outputStreamPublisher(
                        writer,
                        response.bufferFactory(),
                        task -> Thread.ofVirtual().start(task),
                        CHUNK_BYTES);
        return response.writeWith(body);
    }

    /** Server-sent events, each sent at once. */
    static Mono<Void> events(ServerHttpResponse response, Flux<?> events) {
        response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
        response.getHeaders().setCacheControl("no-store");
        return response.writeAndFlushWith(events.map(event -> Mono.just(event(response, event))));
    }

    private static DataBuffer event(ServerHttpResponse response, Object event) {
        byte[] json = JSON.writeValueAsBytes(event);
        return response.bufferFactory()
                .allocateBuffer(json.length + 8)
                .write("data: ".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .write(json)
                .write((byte) '\n')
                .write((byte) '\n');
    }

    static Mono<Void> json(ServerHttpResponse response, Object value) {
        byte[] body = JSON.writeValueAsBytes(value);
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        response.getHeaders().setContentLength(body.length);
        return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }

    static Mono<Void> refuse(ServerHttpResponse response, Throwable failure) {
        if (response.isCommitted()) {
            return Mono.error(failure);
        }
        NodeError error = NodeErrors.error(failure);
        if (failure instanceof FailedCallException failed && failed.usage().computeMicros() > 0) {
            usage(response, failed.usage());
        }
        response.setStatusCode(NodeErrors.status(error.code()));
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(MediaType.APPLICATION_JSON);
        if (failure instanceof LoadingException loading) {
            headers.set(HttpHeaders.RETRY_AFTER, Long.toString(loading.seconds()));
        } else if (error.code().equals(NodeError.NOT_READY)) {
            headers.set(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
        }
        byte[] body = JSON.writeValueAsBytes(error);
        headers.setContentLength(body.length);
        return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }
}
