package dev.atrium.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The three kinds of load. */
final class Loads {
    private static final int CALLERS = 32;
    private static final int STREAMS = 50;
    private static final int HTTP_OK = 200;
    private static final long TICK_NANOS = 250_000;

    private final Calls calls;

    Loads(Calls calls) {
        this.calls = calls;
    }

    /** Callers that each send the next call when the last one is answered. */
    Figures flatOut(Target target, Duration time) throws IOException {
        Latencies latencies = new Latencies();
        AtomicInteger failures = new AtomicInteger();
        double cpu = target.cpuSeconds();
        long begin = System.nanoTime();
        inTurns(CALLERS, time, () -> call(target, latencies, failures));
        return figures(target, cpu, begin, latencies.count(), failures, latencies);
    }

    /** Calls at a steady pace, whatever becomes of the ones before. */
    Figures atRate(Target target, int perSecond, Duration time) throws IOException {
        Latencies latencies = new Latencies();
        AtomicInteger failures = new AtomicInteger();
        double cpu = target.cpuSeconds();
        long begin = System.nanoTime();
        int sent = 0;
        while (System.nanoTime() - begin < time.toNanos()) {
            long due = (System.nanoTime() - begin) * perSecond / 1_000_000_000;
            while (sent < due) {
                call(target, latencies, failures).subscribe();
                sent++;
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
        while (latencies.count() < sent) {
            LockSupport.parkNanos(TICK_NANOS);
        }
        return figures(target, cpu, begin, sent, failures, latencies);
    }

    /** Streams side by side, each followed by the next; counted are their chunks. */
    Figures streams(Target target, Duration time) throws IOException {
        Latencies firstChunks = new Latencies();
        AtomicInteger failures = new AtomicInteger();
        double cpu = target.cpuSeconds();
        long begin = System.nanoTime();
        inTurns(
                STREAMS,
                time,
                () -> {
                    long sent = System.nanoTime();
                    return calls.chat(target, () -> firstChunks.add(System.nanoTime() - sent))
                            .doOnNext(bytes -> {
                                // A refusal is much shorter than the shortest of whole streams.
                                if (bytes < Upstream.CHUNKS * 100L) {
                                    failures.incrementAndGet();
                                }
                            })
                            .then();
                });
        int chunks = firstChunks.count() * Upstream.CHUNKS;
        return figures(target, cpu, begin, chunks, failures, firstChunks);
    }

    private Mono<Void> call(Target target, Latencies latencies, AtomicInteger failures) {
        long begin = System.nanoTime();
        return calls.tensors(target)
                .doOnNext(status -> {
                    if (status != HTTP_OK) {
                        failures.incrementAndGet();
                    }
                    latencies.add(System.nanoTime() - begin);
                })
                .then();
    }

    private static void inTurns(int callers, Duration time, Supplier<Mono<Void>> call) {
        AtomicBoolean over = new AtomicBoolean();
        Flux.range(0, callers)
                .flatMap(caller -> Mono.defer(call).repeat(() -> !over.get()).then(), callers)
                .then()
                .doOnSubscribe(subscribed -> Mono.delay(time).subscribe(ended -> over.set(true)))
                .block();
    }

    private static Figures figures(
            Target target,
            double cpuBefore,
            long begin,
            int count,
            AtomicInteger failures,
            Latencies latencies)
            throws IOException {
        return new Figures(
                count,
                failures.get(),
                (target.cpuSeconds() - cpuBefore) / Math.max(1, count) * 1e6,
                count / ((System.nanoTime() - begin) / 1e9),
                latencies.quantile(0.5),
                latencies.quantile(0.99));
    }
}
