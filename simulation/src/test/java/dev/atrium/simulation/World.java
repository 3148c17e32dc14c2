package dev.atrium.simulation;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.quota.Decision;
import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.UnitPrices;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.feed.MemoryFeedStore;
import dev.atrium.registry.quota.lease.MemoryLeaseStore;
import dev.atrium.registry.quota.window.WindowKey;
import dev.atrium.simulation.database.MemoryDatabase;
import dev.atrium.simulation.database.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Three gateways, two registries, three nodes, a database, and callers who want more than is. */
final class World {
    static final Duration LEASE_LIFETIME = Duration.ofSeconds(10);
    static final Duration SILENCE = Duration.ofSeconds(10);

    /** Longer than a node is ever dead, whatever the clocks of registries say. */
    static final Duration DEAD_NODE_PATIENCE = Duration.ofSeconds(120);

    /** Longer than a gateway serves without its registry, whatever the clocks of those say. */
    static final Duration LOST_GATEWAY = Duration.ofSeconds(100);

    static final Duration LOST_CALL = Duration.ofSeconds(200);
    static final Duration RENEW = Duration.ofSeconds(2);
    static final Duration IDLE = Duration.ofSeconds(4);
    static final TenantId ACME = new TenantId(new UUID(2, 1));
    static final TenantId GLOBEX = new TenantId(new UUID(2, 2));
    static final Set<TenantId> TENANTS = Set.of(ACME, GLOBEX);
    static final ModelName MODEL = new ModelName("acme", "chat");
    static final ModelId MODEL_ID = new ModelId(new UUID(3, 1));
    static final ModelVersionId VERSION = new ModelVersionId(new UUID(3, 2));
    static final Price PRICE =
            new Price(
                    new PriceId(new UUID(3, 3)),
                    "EUR",
                    new UnitPrices(7_000_000L, 500_000L, 2_500_000L, 30_000L));
    private static final int GATEWAYS = 3;
    private static final int REGISTRIES = 2;
    private static final int NODES = 3;

    /** Ends of hours, days and months, and changes of the clock, are near. */
    private static final List<Instant> BEGINNINGS =
            List.of(
                    Instant.parse("2026-03-29T00:58:20Z"),
                    Instant.parse("2026-10-25T00:59:52Z"),
                    Instant.parse("2026-12-31T22:58:30Z"),
                    Instant.parse("2026-05-31T23:59:50Z"),
                    Instant.parse("2026-06-15T12:00:05Z"));

    private final Timeline time;
    private final Mutant mutant;
    private final MachineClock databaseClock;
    private final MemoryDatabase database;
    private final MemoryLeaseStore leaseStore;
    private final MemoryFeedStore feed;
    private final RecallLog recalls;
    private final Truth truth;
    private final Tenancy tenancy;
    private final List<SimulatedRegistry> registries = new ArrayList<>();
    private final List<SimulatedGateway> gateways = new ArrayList<>();
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final Network network;
    private final Timeline.Life forever = new Timeline.Life();
    private boolean databaseDown;
    private long databaseSlowest = 4 * Timeline.MILLI;
    private double aborts;
    private double refusals;
    private boolean isCalm;
    private long ids;
    private long refused;

    World(long seed, Mutant mutant, Path folder) {
        this.time = new Timeline(seed);
        this.mutant = mutant;
        Instant beginning = BEGINNINGS.get((int) time.between(0, BEGINNINGS.size() - 1));
        this.databaseClock = new MachineClock(time, beginning, 0, 0);
        this.database = new MemoryDatabase(databaseClock);
        this.leaseStore = leases();
        this.feed = new MemoryFeedStore(database, 7, 6);
        this.recalls = new RecallLog(time, database);
        this.network = new Network(time, registries);
        this.truth = new Truth(this);
        for (int i = 0; i < REGISTRIES; i++) {
            registries.add(new SimulatedRegistry(this, clock(beginning)));
        }
        for (int i = 0; i < NODES; i++) {
            NodeId id = new NodeId(new UUID(5, i));
            nodes.add(new SimulatedNode(this, id, new MachineClock(time, beginning, 0, 0)));
        }
        for (int i = 0; i < GATEWAYS; i++) {
            Path journal = folder.resolve("gateway-" + i);
            gateways.add(new SimulatedGateway(this, new UUID(4, i), clock(beginning), journal));
        }
        this.tenancy = new Tenancy(this, beginning);
        database.observe(
                new MemoryDatabase.Observer() {
                    @Override
                    public MemoryDatabase.Fate fate() {
                        return World.this.fate();
                    }

                    @Override
                    public void committed() {
                        truth.committed();
                    }

                    @Override
                    public void cutAnew(PolicyId policy) {
                        truth.rates().cutAnew(policy.value());
                    }
                });
        nodes.forEach(SimulatedNode::start);
        gateways.forEach(SimulatedGateway::start);
        time.after(Timeline.SECOND, forever, "call", this::call);
    }

    private MemoryLeaseStore leases() {
        return new MemoryLeaseStore(database, LEASE_LIFETIME) {
            @Override
            protected boolean isQuota(WindowKey window) {
                return mutant != Mutant.FREES_BEFORE_RECONCILING && super.isQuota(window);
            }

            @Override
            protected void givenUp(UUID lease, Row.GivenUp how) {
                if (mutant != Mutant.CHARGES_WHAT_A_LIFE_LEFT) {
                    super.givenUp(lease, how);
                }
            }

            @Override
            protected void freed(Row.Lease lease, long units) {
                if (units > 0) {
                    World.this.freed(lease);
                }
            }
        };
    }

    private void freed(Row.Lease lease) {
        UUID policy = lease.key().window().policy().value();
        if (gateways.stream().anyMatch(gateway -> gateway.isUsing(lease))) {
            truth.rates().endedTooEarly(policy);
        } else {
            truth.rates().ended(policy);
        }
    }

    private MachineClock clock(Instant beginning) {
        double drift = (2 * time.random().nextDouble() - 1) * MachineClock.MOST_DRIFT;
        MachineClock clock = new MachineClock(time, beginning, drift, time.random().nextLong());
        clock.step(time.between(-300, 300) * Timeline.MILLI);
        return clock;
    }

    private MemoryDatabase.Fate fate() {
        if (aborts == 0 || !time.chance(aborts)) {
            return MemoryDatabase.Fate.COMMITS;
        }
        return time.chance(0.5) ? MemoryDatabase.Fate.ABORTS : MemoryDatabase.Fate.COMMITS_UNHEARD;
    }

    private void call() {
        if (!isCalm) {
            if (time.chance(0.04)) {
                new KeyedClient(this, "key" + ++ids).begin();
            } else {
                anyGateway().arrive();
            }
            time.after(time.delay(0, 120 * Timeline.MILLI), forever, "call", this::call);
        }
    }

    SimulatedGateway anyGateway() {
        return gateways.get((int) time.between(0, GATEWAYS - 1));
    }

    /** One step, after which nobody may have to wait for what he could see. */
    void step() {
        time.step();
        for (SimulatedGateway gateway : gateways) {
            gateway.look();
        }
        truth.rates().check();
    }

    /** No more calls, no more faults, everything heals. */
    void calmDown() {
        isCalm = true;
        network.behave(0, 0, 5 * Timeline.MILLI);
        databaseDown = false;
        databaseSlowest = 2 * Timeline.MILLI;
        aborts = 0;
        refusals = 0;
        databaseClock.correct();
        registries.forEach(registry -> registry.clock().correct());
        gateways.forEach(gateway -> gateway.clock().correct());
        gateways.forEach(gateway -> gateway.cutOff(false));
        registries.stream().filter(it -> it.life().isOver()).forEach(SimulatedRegistry::start);
        nodes.stream().filter(it -> it.life().isOver()).forEach(SimulatedNode::start);
        gateways.stream()
                .filter(it -> it.life().isOver() && !it.isGone())
                .forEach(SimulatedGateway::start);
    }

    /** Those that seemed lost come back after all. */
    void bringBack() {
        gateways.stream().filter(SimulatedGateway::isGone).forEach(SimulatedGateway::comeBack);
    }

    boolean isCalm() {
        return isCalm;
    }

    Timeline time() {
        return time;
    }

    Timeline.Life forever() {
        return forever;
    }

    Mutant mutant() {
        return mutant;
    }

    MemoryDatabase database() {
        return database;
    }

    MachineClock databaseClock() {
        return databaseClock;
    }

    MemoryLeaseStore leaseStore() {
        return leaseStore;
    }

    MemoryFeedStore feed() {
        return feed;
    }

    RecallLog recalls() {
        return recalls;
    }

    Truth truth() {
        return truth;
    }

    Tenancy tenancy() {
        return tenancy;
    }

    Network network() {
        return network;
    }

    List<SimulatedGateway> gateways() {
        return gateways;
    }

    List<SimulatedRegistry> registries() {
        return registries;
    }

    List<SimulatedNode> nodes() {
        return nodes;
    }

    SimulatedNode node(NodeId id) {
        return nodes.stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow();
    }

    /** What happens regularly happens as often as this; more seldom in the end. */
    long pace() {
        return isCalm ? 5 * Timeline.SECOND : Timeline.SECOND;
    }

    void database(boolean down, long slowest, double abortsNow) {
        databaseDown = down;
        databaseSlowest = slowest;
        aborts = abortsNow;
    }

    boolean isDatabaseDown() {
        return databaseDown;
    }

    long databaseDelay() {
        return time.delay(Timeline.MILLI / 10, databaseSlowest);
    }

    void refuse(double share) {
        refusals = share;
    }

    /** How many attempts a node turns away. */
    double refusals() {
        return refusals;
    }

    boolean isLeader(SimulatedRegistry registry) {
        return registries.stream()
                .filter(it -> !it.life().isOver())
                .findFirst()
                .filter(leader -> leader == registry)
                .isPresent();
    }

    void buryNodes() {
        Instant late = databaseClock.instant().minusSeconds(6);
        database.executeWithoutResult(status ->
                List.copyOf(database.nodes.rows().entrySet())
                        .forEach(entry -> {
                            Row.Node node = entry.getValue();
                            if (node.alive() && node.lastSeenAt().isBefore(late)) {
                                database.nodes.put(
                                        entry.getKey(),
                                        new Row.Node(
                                                false,
                                                node.joinedAt(),
                                                node.lastSeenAt(),
                                                node.through()));
                            }
                        }));
    }

    UUID incarnation() {
        return new UUID(6, ++ids);
    }

    /** A UUIDv7 of the gateway's wall clock. */
    UUID callId(Instant at) {
        return new UUID(at.toEpochMilli() << 16 | 0x7000L, 0x8000_0000_0000_0000L | ++ids);
    }

    Caller caller() {
        return tenancy.caller();
    }

    /** The window that is open now, for the bug that charges it. */
    Instant windowNow(Charge charge) {
        return database.windowsOf(charge.policyId())
                .map(window -> window.key().start())
                .reduce((one, later) -> later)
                .orElse(charge.windowStart());
    }

    void note(Decision decision) {
        refused++;
        time.note(decision.getClass().getSimpleName().hashCode());
    }

    long refused() {
        return refused;
    }
}
