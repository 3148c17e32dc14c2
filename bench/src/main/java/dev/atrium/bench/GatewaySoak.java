package dev.atrium.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * A gateway under a steady mixed load for long: whether it grows, and what it still holds when
 * nobody calls any more.
 */
final class GatewaySoak {
    private static final int KEYS = 10_000;
    private static final Duration SAMPLE = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofSeconds(45);
    private static final double MOST_PERCENT_PER_HOUR = 1;

    /** Its own connections to the registry come and go, and journal files do. */
    private static final int FILES_OF_ITS_OWN = 5;

    private final Target gateway;
    private final Calls calls;
    private final Residence residence;
    private final Scrape scrape;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicInteger running = new AtomicInteger();
    private final Path log;

    private GatewaySoak(Target gateway, World world, Path log) {
        this.gateway = gateway;
        this.log = log;
        this.calls = new Calls(world);
        this.residence = new Residence(gateway.process().pid());
        this.scrape = new Scrape(gateway.managementUrl());
    }

    /** Arguments: the gateway's jar, minutes, calls a second. */
    public static void main(String[] arguments) throws Exception {
        Duration time = Duration.ofMinutes(Long.parseLong(arguments[1]));
        int rate = Integer.parseInt(arguments[2]);
        boolean holds;
        try (Upstream upstream = new Upstream();
                World world = new World(KEYS, upstream.url());
                Processes processes = new Processes()) {
            Target gateway =
                    new Targets(processes, world, upstream)
                            // The heap is there from the beginning, so that what grows is a leak,
                            // and Netty watches every buffer.
                            .gateway(
                                    Path.of(arguments[0]),
                                    "-XX:+AlwaysPreTouch",
                                    "-Dio.netty.leakDetection.level=paranoid");
            Path log = processes.folder().resolve("gateway.log");
            holds = new GatewaySoak(gateway, world, log).run(time, rate);
        }
        if (!holds) {
            System.exit(1);
        }
    }

    private boolean run(Duration time, int rate) throws IOException, InterruptedException {
        Duration warmUp = time.dividedBy(3);
        load(warmUp, rate, new Trend(), new Latencies());
        idle();
        Held before = held();
        Trend trend = new Trend();
        Duration half = time.minus(warmUp).dividedBy(2);
        Latencies early = new Latencies();
        load(half, rate, trend, early);
        Latencies late = new Latencies();
        load(half, rate, trend, late);
        idle();
        Held after = held();
        print(trend, before, after);
        System.out.printf(
                Locale.ROOT,
                "p99 of short calls: %.2f ms in the first half, %.2f ms in the second%n",
                early.quantile(0.99) / 1e3,
                late.quantile(0.99) / 1e3);
        boolean grows =
                trend.percentPerHour() - 2 * trend.errorPercentPerHour() > MOST_PERCENT_PER_HOUR;
        boolean leaks =
                after.calls() > 0
                        || after.buffers() > 0
                        || after.files() > before.files() + FILES_OF_ITS_OWN;
        System.out.println(grows ? "It grows." : leaks ? "It leaks." : "It holds.");
        return !grows && !leaks;
    }

    /** What it has while nobody calls. */
    private record Held(long files, long threads, long liveMegabytes, long calls, long buffers) {}

    private Held held() throws IOException, InterruptedException {
        gateway.jcmd("GC.run");
        // What the collector has found is told with the next buffers.
        for (int i = 0; i < 100; i++) {
            scrape.value("jvm_memory_used_bytes");
        }
        return new Held(
                residence.openFiles(),
                residence.threads(),
                (long) scrape.value("jvm_memory_used_bytes{area=\"heap\"") >> 20,
                (long)
                        (scrape.value("atrium_gateway_calls_in_flight")
                                + scrape.value("atrium_gateway_quota_open")
                                + scrape.value("atrium_gateway_journal_open")),
                leakedBuffers());
    }

    private long leakedBuffers() throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("LEAK:")).count();
        }
    }

    private void print(Trend trend, Held before, Held after) {
        System.out.printf(
                Locale.ROOT,
                """

                %d calls.

                | what | after warm-up | at the end |
                |---|---|---|
                | resident MB, under load | %.1f | %.1f |
                | its slope, %% an hour, ± standard error | | %.2f ± %.2f |
                | live heap MB | %d | %d |
                | open files, idle | %d | %d |
                | threads | %d | %d |
                | calls, permits and journal entries held, idle | %d | %d |
                | leaks of buffers that Netty has found, watching all | %d | %d |

                """,
                sent.get(),
                trend.first() / 1_024,
                trend.last() / 1_024,
                trend.percentPerHour(),
                trend.errorPercentPerHour(),
                before.liveMegabytes(),
                after.liveMegabytes(),
                before.files(),
                after.files(),
                before.threads(),
                after.threads(),
                before.calls(),
                after.calls(),
                before.buffers(),
                after.buffers());
    }

    private void load(Duration time, int rate, Trend trend, Latencies latencies)
            throws IOException {
        long begin = System.nanoTime();
        long next = begin;
        long due = 0;
        while (System.nanoTime() - begin < time.toNanos()) {
            long now = System.nanoTime();
            for (long all = (now - begin) * rate / 1_000_000_000; due < all; due++) {
                begin(due, latencies);
            }
            if (now >= next) {
                trend.add(now, residence.kilobytes());
                next = now + SAMPLE.toNanos();
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Of ten calls six are short, two are streams, one stream is cut off and one call refused. */
    private void begin(long number, Latencies latencies) {
        long asked = System.nanoTime();
        sent.incrementAndGet();
        running.incrementAndGet();
        Mono<?> call =
                switch ((int) (number % 10)) {
                    case 6, 7 -> calls.chat(gateway, () -> {});
                    case 8 -> calls.cutOff(gateway, Duration.ofMillis(50 + number % 700));
                    case 9 -> calls.refused(gateway);
                    default ->
                            calls.tensors(gateway)
                                    .doOnNext(status -> latencies.add(System.nanoTime() - asked));
                };
        call.doFinally(signal -> running.decrementAndGet()).subscribe();
    }

    /** Until no call runs and pooled connections have been closed. */
    private void idle() throws InterruptedException {
        while (running.get() > 0) {
            Thread.sleep(100);
        }
        Thread.sleep(IDLE);
    }
}
