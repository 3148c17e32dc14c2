package dev.atrium.simulation;

import java.util.ArrayList;
import java.util.List;

/** What goes wrong, one after the other and several at a time; each heals by itself. */
final class Faults {
    private final World world;
    private final Timeline time;
    private final List<Runnable> kinds = new ArrayList<>();

    Faults(World world) {
        this.world = world;
        this.time = world.time();
        kinds.add(() -> crashGateway(false, false));
        kinds.add(() -> crashGateway(true, false));
        kinds.add(() -> crashGateway(true, time.chance(0.3)));
        kinds.add(this::loseGateway);
        kinds.add(this::crashRegistry);
        kinds.add(this::crashNode);
        kinds.add(this::crashNode);
        kinds.add(this::cutGatewayOff);
        kinds.add(() -> network(0.15, 0, 20 * Timeline.MILLI));
        kinds.add(() -> network(0, 0.4, 50 * Timeline.MILLI));
        kinds.add(() -> network(0.02, 0.1, 3 * Timeline.SECOND));
        kinds.add(() -> network(0.05, 0.3, 8 * Timeline.SECOND));
        kinds.add(() -> database(true, 4 * Timeline.MILLI, 0));
        kinds.add(() -> database(false, Timeline.SECOND, 0));
        kinds.add(() -> database(false, 10 * Timeline.MILLI, 0.3));
        kinds.add(() -> world.refuse(0.3));
        kinds.add(() -> stepClock(world.anyGateway().clock(), 90));
        kinds.add(() -> stepClock(anyRegistry().clock(), 30));
        kinds.add(() -> stepClock(world.databaseClock(), 15));
        kinds.add(world.tenancy()::changeAmount);
        kinds.add(world.tenancy()::changeAmount);
        kinds.add(world.tenancy()::changeBurst);
        kinds.add(world.tenancy()::switchReplica);
        kinds.add(world.tenancy()::churn);
        kinds.add(world.tenancy()::churn);
        kinds.add(this::restoreFeed);
        kinds.add(this::trimFeed);
        next();
    }

    int kinds() {
        return kinds.size();
    }

    private void next() {
        later(time.delay(200 * Timeline.MILLI, 8 * Timeline.SECOND), this::happen);
    }

    private void later(long nanos, Runnable step) {
        time.after(
                nanos,
                world.forever(),
                "fault",
                () -> {
                    if (!world.isCalm()) {
                        step.run();
                    }
                });
    }

    private void happen() {
        try {
            kinds.get((int) time.between(0, kinds.size() - 1)).run();
        } catch (dev.atrium.simulation.database.MemoryDatabase.AbortedException e) {
            // What people wanted to change is as it was, or they were not told that it is not.
            time.note(1);
        }
        next();
    }

    private SimulatedRegistry anyRegistry() {
        return world.registries().get((int) time.between(0, world.registries().size() - 1));
    }

    private void crashGateway(boolean torn, boolean diskLost) {
        SimulatedGateway gateway = world.anyGateway();
        if (!gateway.life().isOver()) {
            gateway.crash(torn, diskLost);
            later(time.delay(100 * Timeline.MILLI, 25 * Timeline.SECOND), gateway::start);
        }
    }

    /** For so long that the others stop waiting for it, or until everything is over. */
    private void loseGateway() {
        SimulatedGateway gateway = world.anyGateway();
        boolean isLast = world.gateways().stream().filter(it -> !it.life().isOver()).count() < 2;
        if (!gateway.life().isOver() && !isLast) {
            gateway.vanish(time.chance(0.3));
            later(time.between(90 * Timeline.SECOND, 400 * Timeline.SECOND), gateway::comeBack);
        }
    }

    private void crashRegistry() {
        SimulatedRegistry registry = anyRegistry();
        if (!registry.life().isOver()) {
            registry.crash();
            later(time.delay(100 * Timeline.MILLI, 8 * Timeline.SECOND), registry::start);
        }
    }

    private void crashNode() {
        SimulatedNode node = world.nodes().get((int) time.between(0, world.nodes().size() - 1));
        if (!node.life().isOver()) {
            node.crash();
            later(time.delay(100 * Timeline.MILLI, 40 * Timeline.SECOND), node::start);
        }
    }

    private void cutGatewayOff() {
        SimulatedGateway gateway = world.anyGateway();
        gateway.cutOff(true);
        later(time.delay(Timeline.SECOND, 25 * Timeline.SECOND), () -> gateway.cutOff(false));
    }

    private void network(double lost, double doubled, long slowest) {
        world.network().behave(lost, doubled, slowest);
        later(
                time.delay(Timeline.SECOND, 15 * Timeline.SECOND),
                () -> world.network().behave(0, 0.01, 20 * Timeline.MILLI));
    }

    private void database(boolean down, long slowest, double aborts) {
        world.database(down, slowest, aborts);
        later(
                time.delay(Timeline.SECOND, 12 * Timeline.SECOND),
                () -> world.database(false, 4 * Timeline.MILLI, 0));
    }

    private void stepClock(MachineClock clock, long seconds) {
        clock.step(time.between(-seconds * 1_000, seconds * 1_000) * Timeline.MILLI);
        if (time.chance(0.5)) {
            later(time.delay(Timeline.SECOND, 20 * Timeline.SECOND), clock::correct);
        }
    }

    private void restoreFeed() {
        world.database().feedEpoch = world.incarnation();
    }

    /** Also of the young: a gateway may sleep for longer than they are kept. */
    private void trimFeed() {
        java.time.Instant now = world.database().now();
        world.database()
                .executeWithoutResult(status ->
                        world.feed().trim(now.minusSeconds(300), now.minusSeconds(60), 6));
    }
}
