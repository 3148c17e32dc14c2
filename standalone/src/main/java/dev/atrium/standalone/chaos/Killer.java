package dev.atrium.standalone.chaos;

import dev.atrium.standalone.launcher.Readiness;
import dev.atrium.standalone.process.ProcessTable;
import dev.atrium.standalone.process.RunState;
import dev.atrium.standalone.settings.DataFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Ends processes with kill -9, at moments and in an order that a seed decides; some gateways so
 * that they never return.
 */
final class Killer {
    private static final int LONGEST_PAUSE_MILLIS = 3_000;
    private static final int SHORTEST_PAUSE_MILLIS = 700;
    private static final Duration RECOVERY = Duration.ofMinutes(2);

    private final DataFolder data;
    private final Random random;
    private final Losses losses;
    private final PrintStream out;
    private final long begin = System.nanoTime();

    Killer(DataFolder data, long seed, Losses losses, PrintStream out) {
        this.data = data;
        this.random = new Random(seed);
        this.losses = losses;
        this.out = out;
    }

    /**
     * Half of the victims are gateways: they hold what is not in the ledger yet.
     *
     * @param lost how many of them never return
     */
    void kill(int count, int lost) throws IOException, InterruptedException {
        Set<Integer> losing = chooseLosses(count, lost);
        try (Readiness readiness = new Readiness()) {
            for (int i = 1; i <= count; i++) {
                Thread.sleep(random.nextInt(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS));
                boolean isLoss = losing.contains(i);
                RunState.Entry victim = isLoss ? chooseToLose(readiness) : chooseReady(readiness);
                if (isLoss) {
                    losses.lose(victim.name());
                } else {
                    victim.process().find().ifPresent(ProcessHandle::destroyForcibly);
                }
                out.printf(
                        "  %6.1f s  kill -9 %d of %d: %s%s%n",
                        (System.nanoTime() - begin) / 1e9,
                        i,
                        count,
                        victim.name(),
                        isLoss ? ", which never returns" : "");
            }
        }
    }

    private Set<Integer> chooseLosses(int count, int lost) {
        if (lost == 0) {
            return Set.of();
        }
        return random.ints(1, count + 1)
                .distinct()
                .limit(lost)
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The one that comes in its place has to join, and the others to hold out until it has. */
    private RunState.Entry chooseToLose(Readiness readiness) throws InterruptedException {
        while (true) {
            List<RunState.Entry> gateways = of("gateway");
            if (allReady(gateways, readiness) && allReady(of("registry"), readiness)) {
                return gateways.get(random.nextInt(gateways.size()));
            }
            Thread.sleep(100);
        }
    }

    /**
     * One of a service of which every process works: so every kill hits something that has calls in
     * its hands, and the platform goes on serving.
     */
    private RunState.Entry chooseReady(Readiness readiness) throws InterruptedException {
        while (true) {
            String service =
                    switch (random.nextInt(8)) {
                        case 0, 1, 2, 3 -> "gateway";
                        case 4, 5 -> "inference-node";
                        case 6 -> "registry";
                        default -> "postgresql";
                    };
            List<RunState.Entry> candidates = of(service);
            boolean allReady =
                    allReady(candidates, readiness)
                            && (!service.equals("postgresql")
                                    || allReady(of("registry"), readiness));
            if (allReady) {
                return candidates.get(random.nextInt(candidates.size()));
            }
            Thread.sleep(100);
        }
    }

    private List<RunState.Entry> of(String service) {
        return entries().stream().filter(entry -> entry.name().startsWith(service)).toList();
    }

    private static boolean allReady(List<RunState.Entry> processes, Readiness readiness) {
        return !processes.isEmpty()
                && processes.stream().allMatch(entry -> isReady(entry, readiness));
    }

    /** Everything that was killed is back, without a hand from anybody. */
    void awaitAllReady() throws InterruptedException {
        try (Readiness readiness = new Readiness()) {
            Campaign.await(
                    "every process ready again",
                    RECOVERY,
                    () -> entries().stream().allMatch(entry -> isReady(entry, readiness)));
        }
    }

    private List<RunState.Entry> entries() {
        return ProcessTable.read(data.state()).map(RunState::processes).orElse(List.of());
    }

    private static boolean isReady(RunState.Entry entry, Readiness readiness) {
        String url = entry.readiness();
        try {
            return entry.process().lives() && (url == null || readiness.answers(url));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
