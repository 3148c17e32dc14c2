package dev.atrium.bench;

import dev.atrium.node.testing.TinyOnnx;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.node.PlacementOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * How long four tenants wait for a model of 20 ms fixed work, one call at a time, while a fifth one
 * behaves, and while it sends 50 times its share: ten times what the model can do. Calls come at
 * random (Poisson), whatever becomes of the ones before.
 */
final class FairnessBenchmark {
    private static final int TENANTS = 5;
    private static final double WORK_MICROS = 20_000;
    private static final double SHARE_PER_SECOND = 1e6 / WORK_MICROS / TENANTS;
    private static final double OF_SHARE = 0.7;
    private static final int FLOOD = 50;
    private static final int FIRST_TRIPS = 10_000;

    private final NodeWorld world;
    private final PlacementOrder model;
    private final Duration time;
    private final List<UUID> neighbours = new ArrayList<>();
    private final UUID fifth = UUID.randomUUID();

    private FairnessBenchmark(NodeWorld world, PlacementOrder model, Duration time) {
        this.world = world;
        this.model = model;
        this.time = time;
        for (int i = 1; i < TENANTS; i++) {
            neighbours.add(UUID.randomUUID());
        }
    }

    /** Arguments: the node's jar, runs, seconds of each. */
    public static void main(String[] arguments) throws Exception {
        // One core computes, the other is for everything else.
        Map<String, String> settings = Map.of("ATRIUM_NODE_WORKER_PARALLEL", "1");
        try (NodeWorld world = new NodeWorld(Path.of(arguments[0]), settings)) {
            PlacementOrder model =
                    world.deploy(Task.TENSORS, true, Map.of("model.onnx", TinyOnnx.loop()));
            Duration time = Duration.ofSeconds(Long.parseLong(arguments[2]));
            new FairnessBenchmark(world, model, time).run(Integer.parseInt(arguments[1]));
        }
    }

    private void run(int runs) throws Exception {
        NodeCalls calls = calls(trips());
        double peak = peak(calls);
        System.out.printf(
                Locale.ROOT,
                "%nAlone the model answers %.1f calls/s.%n%n| run | neighbours' p99 wait ms, quiet | in the flood | ratio | answered/s in the flood, of peak | refused in ms, p50 | p99 |%n|---|---|---|---|---|---|---|%n",
                peak);
        List<Double> ratios = new ArrayList<>();
        for (int run = 1; run <= runs; run++) {
            OpenLoad quiet = load(calls, OF_SHARE);
            OpenLoad flood = load(calls, FLOOD);
            double before = quiet.waits(neighbours).quantile(0.99);
            double during = flood.waits(neighbours).quantile(0.99);
            ratios.add(during / before);
            double answered = flood.answered() / (time.toMillis() / 1e3);
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %.1f | %.1f | %.2f | %.1f, %.0f %% | %.1f | %.1f |%n",
                    run,
                    before / 1e3,
                    during / 1e3,
                    during / before,
                    answered,
                    100 * answered / peak,
                    flood.refusals().quantile(0.5) / 1e3,
                    flood.refusals().quantile(0.99) / 1e3);
        }
        System.out.printf(
                Locale.ROOT,
                "%nMedian ratio of %d runs: %.2f (goal: at most 1.2).%n",
                runs,
                ratios.stream().sorted().toList().get(ratios.size() / 2));
    }

    private NodeCalls calls(long trips) {
        String body =
                "{\"inputs\":[{\"name\":\"trips\",\"datatype\":\"INT64\",\"shape\":[],\"data\":["
                        + trips
                        + "]},{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[1]}]}";
        return NodeCalls.tensors(world.registry(), model, body);
    }

    /** Turns of the loop that take the fixed work on this machine now. */
    private long trips() throws IOException {
        long trips = FIRST_TRIPS;
        for (int i = 0; i < 20; i++) {
            double micros = OpenLoad.computeMicros(world.node(), calls(trips), fifth);
            trips = Math.max(100, (long) (trips * WORK_MICROS / micros));
        }
        return trips;
    }

    private double peak(NodeCalls calls) throws IOException {
        RawLoad.run(world.node(), calls, 4, Duration.ofSeconds(2));
        return RawLoad.run(world.node(), calls, 4, time.dividedBy(2)).perSecond();
    }

    /**
     * @param ofFifth how many times its share the fifth tenant sends
     */
    private OpenLoad load(NodeCalls calls, double ofFifth) throws Exception {
        try (OpenLoad load = new OpenLoad(world.node(), calls)) {
            long end = System.nanoTime() + time.toNanos();
            List<Thread> senders = new ArrayList<>();
            for (UUID neighbour : neighbours) {
                double rate = OF_SHARE * SHARE_PER_SECOND;
                senders.add(Thread.startVirtualThread(() -> send(load, neighbour, rate, end)));
            }
            double rate = ofFifth * SHARE_PER_SECOND;
            senders.add(Thread.startVirtualThread(() -> send(load, fifth, rate, end)));
            for (Thread sender : senders) {
                sender.join();
            }
            load.finish();
            return load;
        }
    }

    private static void send(OpenLoad load, UUID tenant, double perSecond, long end) {
        Random dice = ThreadLocalRandom.current();
        double due = System.nanoTime();
        while (due < end) {
            LockSupport.parkNanos((long) due - System.nanoTime());
            load.send(tenant);
            due -= Math.log(1 - dice.nextDouble()) / perSecond * 1e9;
        }
    }
}
