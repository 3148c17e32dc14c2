package dev.atrium.node.inference;

import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.util.AsciiString;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** Writes answers and refusals. */
final class Responses {
    static final AsciiString JSON = HttpHeaderValues.APPLICATION_JSON;

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final ObjectWriter USAGE = MAPPER.writerFor(NodeUsage.class);
    private static final AsciiString USAGE_HEADER = AsciiString.cached(NodeProtocol.USAGE_HEADER);
    private static final AsciiString EVENTS = HttpHeaderValues.TEXT_EVENT_STREAM;
    private static final NettyDataBufferFactory BUFFERS =
            new NettyDataBufferFactory(ByteBufAllocator.DEFAULT);
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final int CHUNK_BYTES = 16 * 1024;
    private static final int FIRST_BYTES = 512;
    private static final String RETRY_SECONDS = "1";

    private Responses() {}

    static void usage(HttpServerResponse response, NodeUsage usage) {
        response.header(USAGE_HEADER, USAGE.writeValueAsString(usage));
    }

    /** At once, with its length: for what is small, threads and chunks would cost more than it. */
    static Mono<Void> whole(
            HttpServerResponse response, CharSequence type, Consumer<OutputStream> writer) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(FIRST_BYTES);
        writer.accept(body);
        return whole(response, type, Unpooled.wrappedBuffer(body.toByteArray()));
    }

    static Mono<Void> whole(HttpServerResponse response, CharSequence type, ByteBuf body) {
        return response.header(HttpHeaderNames.CONTENT_TYPE, type)
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.readableBytes()))
                .sendObject(body)
                .then();
    }

    /** Streams what the writer produces, as fast as the connection takes it. */
    static Mono<Void> stream(
            HttpServerResponse response, CharSequence type, Consumer<OutputStream> writer) {
        var body =
                DataBufferUtils.outputStreamPublisher(
                        writer, BUFFERS, task -> Thread.ofVirtual().start(task), CHUNK_BYTES);
        return response.header(HttpHeaderNames.CONTENT_TYPE, type)
                .send(Flux.from(body).map(NettyDataBufferFactory::toByteBuf))
                .then();
    }

    /** Server-sent events, each sent at once. */
    static Mono<Void> events(HttpServerResponse response, Flux<?> events) {
        return response.header(HttpHeaderNames.CONTENT_TYPE, EVENTS)
                .header(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .send(events.map(Responses::event), event -> true)
                .then();
    }

    private static ByteBuf event(Object event) {
        byte[] json = MAPPER.writeValueAsBytes(event);
        return ByteBufAllocator.DEFAULT
                .buffer(json.length + DATA.length + 2)
                .writeBytes(DATA)
                .writeBytes(json)
                .writeByte('\n')
                .writeByte('\n');
    }

    static Mono<Void> json(HttpServerResponse response, Object value) {
        return whole(response, JSON, Unpooled.wrappedBuffer(MAPPER.writeValueAsBytes(value)));
    }

    static Mono<Void> refuse(HttpServerResponse response, Throwable failure) {
        if (response.hasSentHeaders()) {
            return Mono.error(failure);
        }
        NodeError error = NodeErrors.error(failure);
        if (failure instanceof FailedCallException failed && failed.usage().computeMicros() > 0) {
            usage(response, failed.usage());
        }
        if (failure instanceof LoadingException loading) {
            response.header(HttpHeaderNames.RETRY_AFTER, Long.toString(loading.seconds()));
        } else if (error.code().equals(NodeError.NOT_READY)) {
            response.header(HttpHeaderNames.RETRY_AFTER, RETRY_SECONDS);
        }
        return json(response.status(NodeErrors.status(error.code())), error);
    }
}
