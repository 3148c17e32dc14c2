package dev.atrium.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a call costs in the gateway with everything on, beside its peers: the same upstream, the
 * same calls, in turns in one run, so that ratios hold where seconds do not.
 */
final class GatewayBenchmark {
    private static final int KEYS = 100_000;
    private static final int RATE = 2_000;
    private static final int ROUNDS = 3;
    private static final int TURNS = 6;

    /** One kind of load on one target. */
    private interface Measure {
        Figures of(Target target, Duration time) throws IOException;
    }

    private final Duration warmUp;
    private final Duration time;

    private GatewayBenchmark(Duration warmUp, Duration time) {
        this.warmUp = warmUp;
        this.time = time;
    }

    /** Arguments: the gateway's jar, the peers' class path, seconds of warm-up and of a round. */
    public static void main(String[] arguments) throws Exception {
        try (Upstream upstream = new Upstream();
                World world = new World(KEYS, upstream.url());
                Processes processes = new Processes()) {
            Targets targets = new Targets(processes, world, upstream);
            new GatewayBenchmark(
                            Duration.ofSeconds(Long.parseLong(arguments[2])),
                            Duration.ofSeconds(Long.parseLong(arguments[3])))
                    .run(
                            new Loads(new Calls(world)),
                            targets.direct(),
                            List.of(
                                    targets.gateway(Path.of(arguments[0])),
                                    targets.cloudGateway(arguments[1]),
                                    targets.webFilterProxy(arguments[1])));
        }
    }

    private void run(Loads loads, Target direct, List<Target> targets) throws IOException {
        warmUp(loads, targets);
        List<Target> all = new ArrayList<>(targets);
        all.add(direct);
        print("Flat out, 32 callers", "call", measure(targets, loads::flatOut), direct);
        print(
                RATE + " calls a second",
                "call",
                measure(all, (target, span) -> loads.atRate(target, RATE, span)),
                direct);
        print("50 streams", "chunk", measure(all, loads::streams), direct);
    }

    /**
     * In turns like what is measured: a JVM that has only seen one steady load compiles for that
     * one, and begins anew with the first other load and after the first pause.
     */
    private void warmUp(Loads loads, List<Target> targets) throws IOException {
        for (int turn = 1; turn <= TURNS; turn++) {
            for (Target target : targets) {
                loads.flatOut(target, warmUp.dividedBy(TURNS));
                loads.atRate(target, RATE, warmUp.dividedBy(4L * TURNS));
                loads.streams(target, warmUp.dividedBy(4L * TURNS));
            }
            System.out.printf("warm-up %d of %d%n", turn, TURNS);
        }
    }

    private Map<Target, Figures> measure(List<Target> targets, Measure measure) throws IOException {
        Map<Target, List<Figures>> rounds = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Target target : targets) {
                // A pause of this process in a round would be told of the target.
                System.gc();
                rounds.computeIfAbsent(target, it -> new ArrayList<>())
                        .add(measure.of(target, time));
            }
        }
        Map<Target, Figures> medians = new LinkedHashMap<>();
        rounds.forEach((target, figures) -> medians.put(target, Figures.median(figures)));
        return medians;
    }

    private static void print(
            String title, String unit, Map<Target, Figures> figures, Target direct) {
        // Flat out there is none: a load without a proxy would be another load.
        Figures floor = figures.get(direct);
        double own = figures.values().iterator().next().cpuMicros();
        System.out.printf(
                Locale.ROOT,
                "%n### %s%n| target | CPU µs per %s | the gateway's is × | %ss/s | p50 µs | p99 µs | added p50 µs | added p99 µs | failed |%n|---|---|---|---|---|---|---|---|---|%n",
                title,
                unit,
                unit);
        figures.forEach((target, it) ->
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %s | %s | %.0f | %.0f | %.0f | %s | %s | %d of %d |%n",
                        target.name(),
                        target == direct ? "" : "%.0f".formatted(it.cpuMicros()),
                        target == direct ? "" : "%.2f".formatted(own / it.cpuMicros()),
                        it.perSecond(),
                        it.p50Micros(),
                        it.p99Micros(),
                        floor == null ? "" : "%.0f".formatted(it.p50Micros() - floor.p50Micros()),
                        floor == null ? "" : "%.0f".formatted(it.p99Micros() - floor.p99Micros()),
                        it.failures(),
                        it.count()));
    }
}
