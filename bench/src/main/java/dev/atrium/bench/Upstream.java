package dev.atrium.bench;

import dev.atrium.node.api.AttemptEnd;
import dev.atrium.node.api.ChatDelta;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.json.JsonMapper;

/**
 * A node that computes nothing: about 300 bytes for a tensor call, {@value #CHUNKS} chunks for a
 * chat, one each {@value #MILLIS_BETWEEN} ms. To the gateway it speaks as a node, to everybody else
 * as an OpenAI-shaped API, with as many chunks.
 */
final class Upstream implements AutoCloseable {
    static final int CHUNKS = 100;
    static final int MILLIS_BETWEEN = 10;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String USAGE =
            "{\"inputTokens\":0,\"outputTokens\":0,\"computeMicros\":100}";
    private static final byte[] ANSWER =
            ("{\"model_name\":\"bench/model\",\"model_version\":\"1\",\"outputs\":[{\"name\":\"y\","
                            + "\"datatype\":\"FP32\",\"shape\":[1,10],\"data\":["
                            + "0.012345,".repeat(9)
                            + "0.012345]}],\"parameters\":{\"padding\":\""
                            + "x".repeat(60)
                            + "\"}}")
                    .getBytes(StandardCharsets.UTF_8);
    private static final byte[] CUT_OFF =
            JSON.writeValueAsBytes(new AttemptEnd(true, new NodeUsage(20, 10, 1_000)));
    private static final List<byte[]> AS_NODE = events(Upstream::delta);
    private static final List<byte[]> AS_OPENAI = events(Upstream::chunk);

    private final DisposableServer server =
            HttpServer.create().host("127.0.0.1").port(0).handle(Upstream::handle).bindNow();

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    @Override
    public void close() {
        server.disposeNow();
    }

    private static Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        if (request.uri().equals(NodeProtocol.END)) {
            return response.header(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .sendByteArray(Mono.just(CUT_OFF))
                    .then();
        }
        boolean isNode = request.requestHeaders().contains(NodeProtocol.GRANT_HEADER);
        boolean isChat = request.uri().contains("/chat");
        return request.receive()
                .then()
                .then(
                        Mono.defer(
                                () -> isChat ? chat(response, isNode) : tensors(response, isNode)));
    }

    private static Mono<Void> tensors(HttpServerResponse response, boolean isNode) {
        response.header(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(ANSWER.length));
        if (isNode) {
            response.header(NodeProtocol.USAGE_HEADER, USAGE);
        }
        return response.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(ANSWER))).then();
    }

    private static Mono<Void> chat(HttpServerResponse response, boolean isNode) {
        List<byte[]> events = isNode ? AS_NODE : AS_OPENAI;
        Flux<ByteBuf> rest =
                Flux.fromIterable(events.subList(1, events.size()))
                        .delayElements(Duration.ofMillis(MILLIS_BETWEEN))
                        .map(Unpooled::wrappedBuffer);
        return response.sse()
                .send(Flux.concat(Mono.just(Unpooled.wrappedBuffer(events.getFirst())), rest))
                .then();
    }

    private static List<byte[]> events(IntFunction<String> json) {
        return IntStream.rangeClosed(1, CHUNKS)
                .mapToObj(number ->
                        ("data: " + json.apply(number) + "\n\n").getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static String delta(int number) {
        boolean isLast = number == CHUNKS;
        return JSON.writeValueAsString(
                new ChatDelta(
                        isLast ? "" : "token" + number + " ",
                        isLast ? "stop" : null,
                        new NodeUsage(20, number, number * 100L),
                        null));
    }

    private static String chunk(int number) {
        return "{\"id\":\"chatcmpl-01a20586-95cb-796d-a4ce-4e2b70940d8a\",\"object\":\"chat.completion.chunk\","
                + "\"created\":1790000000,\"model\":\"bench/model\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"token"
                + number
                + " \"},\"finish_reason\":"
                + (number == CHUNKS ? "\"stop\"" : "null")
                + "}]}";
    }
}
