package dev.atrium.bench;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** The calls of every load, the same to every target: the next key and the next model each time. */
final class Calls {
    private static final int CONNECTIONS = 512;
    private static final byte[] TENSORS =
            ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,100],\"data\":["
                            + "0.12345,".repeat(99)
                            + "0.12345]}]}")
                    .getBytes(StandardCharsets.UTF_8);
    private static final int KEYS_IN_USE = 1_000;

    private final HttpClient client =
            HttpClient.create(ConnectionProvider.create("load", CONNECTIONS));
    private final List<String> credentials;
    private final List<String> tensorPaths;
    private final List<byte[]> chats;
    private final AtomicInteger next = new AtomicInteger();

    Calls(World world) {
        int step = Math.max(1, world.keys().size() / KEYS_IN_USE);
        credentials =
                IntStream.iterate(0, i -> i < world.keys().size(), i -> i + step)
                        .mapToObj(i -> "Bearer " + world.keys().get(i))
                        .toList();
        tensorPaths =
                world.tensorModels().stream()
                        .map(model -> "/v2/models/" + model + "/infer")
                        .toList();
        chats =
                world.chatModels().stream()
                        .map(model ->
                                ("{\"model\":\""
                                                + model
                                                + "\",\"stream\":true,\"max_tokens\":"
                                                + Upstream.CHUNKS
                                                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Tell me a story\"}]}")
                                        .getBytes(StandardCharsets.UTF_8))
                        .toList();
    }

    /** The status, 0 where none came. */
    Mono<Integer> tensors(Target target) {
        int number = next.getAndIncrement() & Integer.MAX_VALUE;
        return post(target, tensorPaths.get(number % tensorPaths.size()), TENSORS, number)
                .responseSingle((answer, content) ->
                        content.asByteArray().thenReturn(answer.status().code()))
                .onErrorReturn(0);
    }

    /**
     * A whole stream.
     *
     * @param firstChunk told once
     * @return how many bytes came
     */
    Mono<Long> chat(Target target, Runnable firstChunk) {
        int number = next.getAndIncrement() & Integer.MAX_VALUE;
        return post(target, "/v1/chat/completions", chats.get(number % chats.size()), number)
                .response((answer, content) ->
                        content.switchOnFirst(
                                        (signal, parts) -> {
                                            firstChunk.run();
                                            return parts;
                                        })
                                .map(part -> (long) part.readableBytes()))
                .reduce(0L, Long::sum)
                .onErrorReturn(0L);
    }

    /** A stream whose caller goes away after this long. */
    Mono<Void> cutOff(Target target, Duration after) {
        return chat(target, () -> {}).timeout(after, Mono.empty()).then();
    }

    /** A call with a key that nobody has. */
    Mono<Void> refused(Target target) {
        return client.headers(headers ->
                        headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer atr_nobody")
                                .set(HttpHeaderNames.CONTENT_TYPE, "application/json"))
                .post()
                .uri(target.url() + tensorPaths.getFirst())
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(TENSORS)))
                .response()
                .onErrorComplete()
                .then();
    }

    private HttpClient.ResponseReceiver<?> post(
            Target target, String path, byte[] body, int number) {
        return client.headers(headers ->
                        headers.set(
                                        HttpHeaderNames.AUTHORIZATION,
                                        credentials.get(number % credentials.size()))
                                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                                .set(HttpHeaderNames.CONTENT_LENGTH, body.length))
                .post()
                .uri(target.url() + path)
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)));
    }
}
