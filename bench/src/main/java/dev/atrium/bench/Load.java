package dev.atrium.bench;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Callers that each send the next call when the last one is answered. */
final class Load {
    private static final int KEPT_LATENCIES = 1 << 20;

    private final HttpClient client;
    private final int callers;
    private final String path;
    private final byte[] body;

    Load(int callers, String path, String credential, byte[] body) {
        this.callers = callers;
        this.path = path;
        this.body = body;
        this.client =
                HttpClient.create(ConnectionProvider.create("load", callers))
                        .headers(headers ->
                                headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + credential)
                                        .set(HttpHeaderNames.CONTENT_TYPE, "application/json"));
    }

    /**
     * What one stretch of load showed.
     *
     * @param cpuPerThousand CPU seconds of the target per 1,000 calls
     */
    record Result(
            int calls,
            int failures,
            double cpuPerThousand,
            double perSecond,
            double p50Millis,
            double p99Millis) {}

    Result run(Target target, Duration time) throws IOException {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger failures = new AtomicInteger();
        long[] latencies = new long[KEPT_LATENCIES];
        double cpuBefore = target.cpuSeconds();
        long begin = System.nanoTime();
        Flux.range(0, callers)
                .flatMap(
                        caller ->
                                Mono.defer(() -> call(target, calls, failures, latencies))
                                        .repeat(() -> !over.get())
                                        .then(),
                        callers)
                .then()
                .doOnSubscribe(subscribed -> Mono.delay(time).subscribe(ended -> over.set(true)))
                .block();
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpu = target.cpuSeconds() - cpuBefore;
        int kept = Math.min(calls.get(), KEPT_LATENCIES);
        long[] sorted = Arrays.copyOf(latencies, kept);
        Arrays.sort(sorted);
        return new Result(
                calls.get(),
                failures.get(),
                cpu / calls.get() * 1_000,
                calls.get() / seconds,
                sorted[kept / 2] / 1e6,
                sorted[(int) (kept * 0.99)] / 1e6);
    }

    private Mono<Void> call(
            Target target, AtomicInteger calls, AtomicInteger failures, long[] latencies) {
        long begin = System.nanoTime();
        return client.post()
                .uri(target.url() + path)
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
                .responseSingle((answer, content) ->
                        content.asByteArray().thenReturn(answer.status().code()))
                .onErrorReturn(0)
                .doOnNext(status -> {
                    if (status != 200) {
                        failures.incrementAndGet();
                    }
                    int number = calls.getAndIncrement();
                    if (number < KEPT_LATENCIES) {
                        latencies[number] = System.nanoTime() - begin;
                    }
                })
                .then();
    }
}
