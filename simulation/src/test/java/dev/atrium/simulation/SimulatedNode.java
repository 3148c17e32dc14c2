package dev.atrium.simulation;

import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.usage.GrantedCall;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.simulation.database.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * An inference node as the ledger sees it: it journals STARTED before it computes and the end after
 * it, ships both, computes each attempt once, and forgets nothing but what it was computing.
 */
final class SimulatedNode {
    /** What the attempt's gateway hears. */
    interface Listener {
        void answered(long inputTokens, long outputTokens, long computeMicros);

        /** Nothing of it was computed. */
        void refused();

        /** The connection broke, whatever was computed. */
        void vanished();
    }

    private static final int BATCH = 50;

    private final World world;
    private final NodeId id;
    private final MachineClock clock;
    private final Map<Row.Attempt, NodeUsageRecord> begun = new TreeMap<>();
    private final List<NodeUsageRecord> ended = new ArrayList<>();
    private final Map<Row.Attempt, Listener> running = new TreeMap<>();
    private final TreeMap<Row.Attempt, NodeUsageRecord> known = new TreeMap<>();
    private Timeline.Life life = new Timeline.Life();

    SimulatedNode(World world, NodeId id, MachineClock clock) {
        this.world = world;
        this.id = id;
        this.clock = clock;
        life.end();
    }

    NodeId id() {
        return id;
    }

    Timeline.Life life() {
        return life;
    }

    /** All accounts of this node, of which the ledger may know fewer. */
    NodeUsageRecord account(Row.Attempt attempt) {
        return known.get(attempt);
    }

    /** Whether it has computed anything of a call. */
    boolean knows(UUID call) {
        Row.Attempt next = known.ceilingKey(new Row.Attempt(call, 0));
        return next != null && next.call().equals(call);
    }

    boolean isQuiet() {
        return begun.isEmpty() && ended.isEmpty();
    }

    void start() {
        life = new Timeline.Life();
        for (Map.Entry<Row.Attempt, NodeUsageRecord> cut : Map.copyOf(begun).entrySet()) {
            end(cut.getKey(), null, "NODE_FAILED", 0, 0);
        }
        world.time().after(world.time().between(0, Timeline.SECOND), life, "node", this::ship);
    }

    void crash() {
        life.end();
        List<Listener> cut = List.copyOf(running.values());
        running.clear();
        cut.forEach(Listener::vanished);
    }

    void compute(Row.Attempt attempt, ModelVersionId version, Work work, Listener listener) {
        if (known.containsKey(attempt)) {
            // Its grant is used: the message came twice.
            return;
        }
        NodeUsageRecord record =
                new NodeUsageRecord(
                        attempt.call(),
                        attempt.number(),
                        version,
                        clock.instant(),
                        null,
                        "NODE_FAILED",
                        0,
                        0,
                        0,
                        null,
                        work.call(),
                        null,
                        null);
        world.truth().keys().computed(attempt.call());
        begun.put(attempt, record);
        known.put(attempt, record);
        running.put(attempt, listener);
        world.time()
                .after(
                        work.nanos(),
                        life,
                        "computed",
                        () -> finish(attempt, "OK", work.input(), work.output()));
    }

    /**
     * What an attempt is to take.
     *
     * @param output tokens, should nobody cancel it
     * @param call what its grant says
     */
    record Work(long input, long output, long nanos, GrantedCall call) {}

    /** Nobody waits any more; what was computed until now is in the account. */
    void cancel(Row.Attempt attempt, long input, long output) {
        finish(attempt, "CLIENT_GONE", input, output);
    }

    private void finish(Row.Attempt attempt, String outcome, long input, long output) {
        Listener listener = running.remove(attempt);
        if (listener != null) {
            end(attempt, clock.instant(), outcome, input, output);
            NodeUsageRecord account = known.get(attempt);
            listener.answered(
                    account.inputTokens(), account.outputTokens(), account.computeMicros());
        }
    }

    private void end(Row.Attempt attempt, Instant at, String outcome, long input, long output) {
        NodeUsageRecord start = begun.remove(attempt);
        NodeUsageRecord end =
                new NodeUsageRecord(
                        start.callId(),
                        start.attempt(),
                        start.versionId(),
                        start.startedAt(),
                        at,
                        outcome,
                        input,
                        output,
                        (input + output) * 300,
                        null,
                        start.call(),
                        null,
                        null);
        known.put(attempt, end);
        ended.add(end);
    }

    /** Ships what has ended, then says past what everything is shipped. */
    private void ship() {
        List<NodeUsageRecord> batch = List.copyOf(ended.subList(0, Math.min(BATCH, ended.size())));
        Instant through =
                begun.values().stream()
                        .map(NodeUsageRecord::startedAt)
                        .min(Instant::compareTo)
                        .orElse(clock.instant());
        boolean isAll = batch.size() == ended.size();
        Runnable again = () -> world.time().after(world.pace() / 2, life, "node ships", this::ship);
        world.network()
                .<Boolean>ask(
                        life,
                        () -> false,
                        "node usage",
                        (registry, answer, fail) ->
                                registry.transact(
                                        "node usage",
                                        fail,
                                        () -> {
                                            registry.ledger().keep(id.value(), batch);
                                            beat(registry, isAll ? through : null);
                                            answer.accept(true);
                                        }),
                        taken -> {
                            ended.removeAll(batch);
                            again.run();
                        },
                        again);
    }

    private void beat(SimulatedRegistry registry, Instant through) {
        Instant now = registry.clock().instant();
        world.database()
                .executeWithoutResult(status -> {
                    Row.Node before = world.database().nodes.find(id.value()).orElse(null);
                    Instant known = before == null ? null : before.through();
                    world.database()
                            .nodes
                            .put(
                                    id.value(),
                                    new Row.Node(
                                            true,
                                            before == null ? now : before.joinedAt(),
                                            now,
                                            through == null ? known : through));
                });
    }
}
