package dev.atrium.simulation;

import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.simulation.database.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One story: so many steps of faults and calls, then quiet, then the account. */
final class Simulation {
    /**
     * @param digest equal for equal stories
     */
    record Story(
            long seed,
            long steps,
            long digest,
            long calls,
            long posted,
            long refused,
            long replayed) {}

    private static final long PATIENCE = 600 * Timeline.SECOND;

    private final long seed;
    private final long wanted;
    private final World world;

    Simulation(long seed, long steps, Mutant mutant, Path folder) {
        this.seed = seed;
        this.wanted = steps;
        this.world = new World(seed, mutant, folder);
    }

    /**
     * @throws BrokenPromise with the seed, the step and how to see it again
     */
    Story run() {
        try {
            new Faults(world);
            while (world.time().steps() < wanted) {
                world.step();
            }
            world.calmDown();
            settleDown(window -> isOpen(window));
            world.bringBack();
            world.gateways().forEach(SimulatedGateway::restart);
            settleDown(window -> true);
            check();
        } catch (BrokenPromise | RuntimeException broken) {
            AssertionError told =
                    new BrokenPromise(
                            "seed %d, step %d: %s%nagain: ./atrium simulate --seed %d --steps %d"
                                    .formatted(
                                            seed,
                                            world.time().steps(),
                                            broken.getMessage(),
                                            seed,
                                            wanted));
            told.initCause(broken);
            throw told;
        }
        return new Story(
                seed,
                world.time().steps(),
                world.time().digest(),
                world.truth().calls().size(),
                world.database().usage.rows().size(),
                world.refused(),
                world.truth().keys().replays());
    }

    /**
     * Until nothing is left to do, for a bounded time.
     *
     * @param windows in which nothing may be held then. A grant whose answer was lost over the end
     *     of its window is known to nobody but the registry, which has it back when the gateway is
     *     restarted.
     */
    private void settleDown(Predicate<Row.QuotaWindow> windows) {
        long end = world.time().now() + PATIENCE;
        long least = world.time().now() + 30 * Timeline.SECOND;
        while (world.time().now() < least
                || (world.time().now() < end && unquiet(windows).findAny().isPresent())) {
            for (int i = 0; i < 50; i++) {
                world.step();
            }
        }
        unquiet(windows).findFirst().ifPresent(left -> Truth.require(false, left));
    }

    private boolean isOpen(Row.QuotaWindow window) {
        return window.end() == null || world.database().now().isBefore(window.end());
    }

    private Stream<String> unquiet(Predicate<Row.QuotaWindow> windows) {
        Stream<String> machines =
                Stream.concat(
                        world.gateways().stream()
                                .filter(gateway -> !gateway.isQuiet())
                                .map(gateway -> "gateway " + gateway.id() + " has open calls"),
                        world.nodes().stream()
                                .filter(node -> !node.isQuiet())
                                .map(node -> "node " + node.id() + " has not shipped"));
        Stream<String> rows =
                Stream.concat(
                        world.database().orphans.rows().values().stream()
                                .filter(orphan -> orphan.resolution() == null)
                                .map(orphan -> "unresolved: " + orphan),
                        world.database().windows.rows().values().stream()
                                .filter(windows)
                                .filter(window -> window.reserved() + window.unreconciled() != 0)
                                .map(this::held));
        return Stream.of(machines, rows, feeds(), unposted(), keys()).flatMap(each -> each);
    }

    /** Nobody calls any more, so no key belongs to a call that runs. */
    private Stream<String> keys() {
        return world.database().keys.rows().values().stream()
                .filter(row -> row.is("CLAIMED") && row.overBy().isAfter(world.database().now()))
                .filter(row ->
                        world.gateways().stream()
                                .filter(gateway -> !gateway.life().isOver())
                                .anyMatch(
                                        gateway -> gateway.incarnation().equals(row.incarnation())))
                .map(row -> "in flight: " + row);
    }

    /** A call that a node has computed ends in the ledger, whatever became of its gateway. */
    private Stream<String> unposted() {
        return world.truth().calls().keySet().stream()
                .filter(call -> world.database().usage.find(call).isEmpty())
                .filter(this::isKnownToNodes)
                .map(call -> "call " + call + " is not in the ledger");
    }

    private boolean isKnownToNodes(UUID call) {
        return world.nodes().stream().anyMatch(node -> node.knows(call));
    }

    private String held(Row.QuotaWindow window) {
        return "still held: " + window + world.database().leasesOf(window.key());
    }

    private Stream<String> feeds() {
        List<Row.Feed> living =
                world.database().feed.rows().values().stream()
                        .filter(row -> row.entry().body() != null)
                        .toList();
        return world.gateways().stream()
                .filter(gateway -> !gateway.isGone())
                .map(gateway -> feed(gateway, living))
                .filter(text -> !text.isEmpty());
    }

    private String feed(SimulatedGateway gateway, List<Row.Feed> living) {
        var known = gateway.feed().feed();
        Set<String> keys = ids(living, FeedKind.API_KEY);
        boolean sameKeys =
                known.keys().size() == keys.size()
                        && keys.stream().allMatch(key -> known.keys().find(key).isPresent());
        Set<String> replicas =
                known.snapshot().placements().stream()
                        .map(Object::toString)
                        .collect(Collectors.toSet());
        Set<FeedPolicy> policies =
                World.TENANTS.stream()
                        .flatMap(tenant -> known.snapshot().policies(tenant).all().stream())
                        .collect(Collectors.toSet());
        Set<String> blocked =
                Stream.iterate(1, i -> i <= 30, i -> i + 1)
                        .map(i -> "thing" + i)
                        .filter(id -> known.snapshot().isBlocked(World.ACME, id))
                        .collect(Collectors.toSet());
        boolean same =
                sameKeys
                        && replicas.equals(ids(living, FeedKind.REPLICA))
                        && blocked.equals(ids(living, FeedKind.BLOCKED_PRINCIPAL))
                        && policies.equals(Set.copyOf(world.tenancy().policies()));
        return same
                ? ""
                : "gateway %s knows %d keys, %s, %s, %s, where there are %s"
                        .formatted(
                                gateway.id(),
                                known.keys().size(),
                                replicas,
                                blocked,
                                policies,
                                living);
    }

    private static Set<String> ids(List<Row.Feed> living, FeedKind kind) {
        return living.stream()
                .filter(row -> row.entry().kind() == kind)
                .map(row -> row.entry().id())
                .collect(Collectors.toSet());
    }

    private void check() {
        world.truth().calls().values().forEach(this::checkCall);
        Map<UUID, Long> used = new TreeMap<>();
        world.database()
                .windows
                .rows()
                .values()
                .forEach(window ->
                        used.merge(window.key().policy().value(), window.used(), Long::sum));
        for (UUID policy : new TreeSet<>(used.keySet())) {
            long charged = world.truth().charged().getOrDefault(policy, 0L);
            Truth.require(
                    used.get(policy) == charged,
                    "policy " + policy + " has " + used.get(policy) + " of " + charged);
        }
        world.registries()
                .forEach(registry ->
                        Truth.require(
                                registry.strangeCharges() == 0,
                                registry.strangeCharges() + " strange charges"));
        world.truth().checkOddCharges();
        world.truth().keys().check();
    }

    private void checkCall(Truth.Known call) {
        UUID id = call.opening.callId();
        if (!call.isOpen) {
            return;
        }
        if (world.database().usage.find(id).isPresent()) {
            return;
        }
        boolean isVoid =
                world.database()
                        .orphans
                        .find(id)
                        .filter(orphan -> "VOID".equals(orphan.resolution()))
                        .isPresent();
        Truth.require(
                (isVoid || call.isLost) && !isKnownToNodes(id),
                "call " + id + " is not in the ledger");
    }
}
