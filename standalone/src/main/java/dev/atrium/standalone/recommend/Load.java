package dev.atrium.standalone.recommend;

import dev.atrium.standalone.client.GatewayCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** So many callers, each of which calls again as soon as it has its answer. */
record Load(GatewayCalls gateway, List<Sample> samples) {
    /**
     * @param nanos of answered calls, ascending
     * @param failures calls that were not answered with 200
     * @param failure one of them in words; empty without any
     */
    record Result(long[] nanos, long failures, String failure, Duration took) {
        double perSecond() {
            return nanos.length / (took.toNanos() / 1e9);
        }

        Duration percentile(double part) {
            if (nanos.length == 0) {
                return Duration.ZERO;
            }
            int index = (int) Math.min(nanos.length - 1L, Math.round(part * nanos.length));
            return Duration.ofNanos(nanos[index]);
        }
    }

    private record OfOne(List<Long> nanos, long failures, String failure) {}

    Result run(int callers, Duration time) throws InterruptedException {
        long began = System.nanoTime();
        long until = began + time.toNanos();
        List<Callable<OfOne>> loops = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
            int first = caller;
            loops.add(() -> callUntil(until, first));
        }
        List<OfOne> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<OfOne> loop : threads.invokeAll(loops)) {
                all.add(loop.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a caller broke off", e.getCause());
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        long[] nanos =
                all.stream()
                        .flatMap(one -> one.nanos().stream())
                        .mapToLong(Long::longValue)
                        .sorted()
                        .toArray();
        return new Result(
                nanos,
                all.stream().mapToLong(OfOne::failures).sum(),
                all.stream().map(OfOne::failure).filter(f -> !f.isEmpty()).findFirst().orElse(""),
                took);
    }

    private OfOne callUntil(long until, int first) {
        List<Long> nanos = new ArrayList<>();
        long failures = 0;
        String failure = "";
        for (int i = first; System.nanoTime() < until; i++) {
            Sample sample = samples.get(i % samples.size());
            long began = System.nanoTime();
            GatewayCalls.Answer answer =
                    gateway.send(sample.path(), sample.contentType(), sample.body());
            if (answer.isOk()) {
                nanos.add(System.nanoTime() - began);
            } else {
                failures++;
                failure = answer.status() + " " + answer.body();
            }
        }
        return new OfOne(nanos, failures, failure);
    }
}
