package dev.atrium.standalone.recommend;

import dev.atrium.registry.api.deployment.Deploy;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.standalone.client.ManagementApi;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Drives a deployment with one setting after the other. What it was before is there again when it
 * is closed, whatever happened meanwhile.
 */
final class Recommendation implements AutoCloseable {
    private static final Duration LONGEST_LOAD = Duration.ofSeconds(150);
    private static final Duration LOOK = Duration.ofMillis(200);

    /** A node asks for its orders each second. */
    private static final Duration UNTIL_NODES_KNOW = Duration.ofMillis(2_500);

    private static final Duration WARM_UP = Duration.ofMillis(500);
    private static final int WARMING_CALLERS = 4;
    private static final double WORTHWHILE = 1.05;
    private static final String GOES_ON = "goes on with its former settings";

    /** Tells what goes on. */
    interface Listener {
        void measured(String setting, Point point);

        void leftOut(String setting, String why);
    }

    private final Supplier<ManagementApi> management;
    private final String path;
    private final Load load;
    private final NodeFigures node;
    private final Duration time;
    private final @Nullable Duration longestP99;
    private final Listener listener;
    private final int replicas;
    private final Execution former;
    private Execution current;
    private Execution last;
    private boolean closed;

    /**
     * @param path of the deployment in the management API
     * @param time of each measurement
     */
    Recommendation(
            Supplier<ManagementApi> management,
            String path,
            Load load,
            NodeFigures node,
            Duration time,
            @Nullable Duration longestP99,
            Listener listener) {
        this.management = management;
        this.path = path;
        this.load = load;
        this.node = node;
        this.time = time;
        this.longestP99 = longestP99;
        this.listener = listener;
        Deployment before = management.get().get(path, Deployment.class);
        this.replicas = before.replicas();
        this.former = before.computedBy();
        this.current = former;
        this.last = former;
    }

    Execution former() {
        return former;
    }

    /** What the deployment is left with, instead of what it had. */
    synchronized void leaveWith(Execution execution) {
        last = execution;
    }

    /** As it is now, and then with every setting. */
    List<Measured> measure(Map<String, Execution> settings, List<Integer> callers)
            throws IOException, InterruptedException {
        List<Measured> all = new ArrayList<>();
        all.add(measure("as it is", former, callers));
        for (Map.Entry<String, Execution> setting : settings.entrySet()) {
            Optional<String> refusal = change(setting.getValue());
            if (refusal.isPresent()) {
                listener.leftOut(setting.getKey(), refusal.get());
            } else {
                all.add(measure(setting.getKey(), setting.getValue(), callers));
            }
        }
        return all;
    }

    private Measured measure(String name, Execution execution, List<Integer> callers)
            throws IOException, InterruptedException {
        load.run(WARMING_CALLERS, WARM_UP);
        List<Point> points = new ArrayList<>();
        for (int each : callers) {
            Point point = point(each);
            listener.measured(name, point);
            points.add(point);
            if (isEnough(points)) {
                break;
            }
        }
        return new Measured(name, execution, points);
    }

    private Point point(int callers) throws IOException, InterruptedException {
        NodeFigures.Reading before = node.read();
        Load.Result result = load.run(callers, time);
        NodeFigures.Reading after = node.read();
        double batches = after.batches() - before.batches();
        return new Point(
                callers,
                result.perSecond(),
                result.percentile(0.5),
                result.percentile(0.99),
                batches > 0 ? (after.calls() - before.calls()) / batches : 0,
                (double) after.cpu().minus(before.cpu()).toNanos() / result.took().toNanos(),
                result.failures(),
                result.failure());
    }

    /** More callers would only wait longer. */
    private boolean isEnough(List<Point> points) {
        Point newest = points.getLast();
        boolean isLate = longestP99 != null && newest.p99().compareTo(longestP99) > 0;
        boolean isFlat =
                points.size() > 1
                        && newest.perSecond()
                                < WORTHWHILE * points.get(points.size() - 2).perSecond();
        return newest.failures() > 0 || isLate || isFlat;
    }

    /** Why it cannot be; empty when nodes compute like that now. */
    private Optional<String> change(Execution next) throws IOException, InterruptedException {
        double loads = node.read().loads();
        boolean isLoaded = next.loadsLike(current);
        put(next);
        if (isLoaded) {
            Thread.sleep(UNTIL_NODES_KNOW);
            return Optional.empty();
        }
        long until = System.nanoTime() + LONGEST_LOAD.toNanos();
        while (System.nanoTime() - until < 0) {
            if (node.read().loads() > loads) {
                Thread.sleep(UNTIL_NODES_KNOW);
                return Optional.empty();
            }
            Optional<String> refusal = refusal();
            if (refusal.isPresent()) {
                return refusal;
            }
            Thread.sleep(LOOK);
        }
        return Optional.of("not loaded within " + LONGEST_LOAD.toSeconds() + " s");
    }

    private Optional<String> refusal() {
        return management.get().get(path, Deployment.class).placements().stream()
                .flatMap(replica -> Stream.ofNullable(replica.reason()))
                .filter(reason -> reason.startsWith(GOES_ON))
                .findFirst();
    }

    private synchronized void put(Execution execution) {
        if (closed) {
            throw new IllegalStateException("the measurement was broken off");
        }
        send(execution);
    }

    private void send(Execution execution) {
        // What fails on its way back may have been done all the same.
        current = execution;
        management.get().put(path, Deploy.computed(replicas, execution), Deployment.class);
    }

    /** Also from another thread, while it measures. */
    @Override
    public synchronized void close() {
        closed = true;
        if (!current.equals(last)) {
            send(last);
        }
    }
}
