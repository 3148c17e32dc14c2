package dev.atrium.simulation;

import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.feed.FeedReplica;
import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSource;
import dev.atrium.registry.api.usage.Waiver;
import dev.atrium.registry.quota.window.WindowKey;
import dev.atrium.simulation.database.Row;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What really happened, kept apart from every process, and what must hold at every commit because
 * of it.
 */
final class Truth {
    /** What is known of one call. */
    static final class Known {
        final SimulatedGateway gateway;
        final OpenCall opening;
        boolean isOpen;
        boolean isLost;
        boolean isReached;
        UsageRecord settled;

        private Known(SimulatedGateway gateway, OpenCall opening) {
            this.gateway = gateway;
            this.opening = opening;
        }
    }

    private final World world;
    private final Map<UUID, Known> calls = new TreeMap<>();
    private final Map<UUID, Long> highest = new TreeMap<>();
    private final Map<UUID, Mode> modes = new TreeMap<>();
    private final Map<WindowKey, Long> late = new TreeMap<>();
    private final Map<UUID, Long> charged = new TreeMap<>();
    private final TreeSet<UUID> posted = new TreeSet<>();
    private final TreeSet<UUID> voided = new TreeSet<>();
    private final TreeSet<UUID> strained = new TreeSet<>();
    private final TreeSet<UUID> odd = new TreeSet<>();
    private final TreeSet<UUID> oddForTheLost = new TreeSet<>();
    private final Rates rates;
    private final KeyTruth keys;

    Truth(World world) {
        this.world = world;
        this.rates = new Rates(world);
        this.keys = new KeyTruth(world);
    }

    KeyTruth keys() {
        return keys;
    }

    Rates rates() {
        return rates;
    }

    Map<UUID, Known> calls() {
        return calls;
    }

    /** What the ledger has charged of each policy, by the records alone. */
    Map<UUID, Long> charged() {
        return charged;
    }

    void policy(FeedPolicy policy) {
        long limit =
                policy.burst() == null || policy.burst() == policy.amount()
                        ? policy.amount()
                        : policy.amount() == 0 ? 0 : Math.min(1_000, policy.burst());
        highest.merge(policy.id().value(), limit, Math::max);
        modes.put(policy.id().value(), policy.mode());
        if (policy.window().isRate()) {
            rates.set(policy);
        }
    }

    void opening(SimulatedGateway gateway, OpenCall call) {
        calls.put(call.callId(), new Known(gateway, call));
    }

    void opened(UUID call) {
        calls.get(call).isOpen = true;
    }

    void settled(UsageRecord record, boolean reached) {
        Known call = calls.get(record.callId());
        if (call.settled != null) {
            throw new BrokenPromise("call " + record.callId() + " ended twice");
        }
        call.settled = record;
        call.isReached = reached;
        keys.booked(record.callId(), reached);
    }

    /** A replica was chosen: it must be READY by what its gateway knows. */
    void routed(SimulatedGateway gateway, FeedReplica replica) {
        if (!gateway.feed().feed().snapshot().replicas(World.VERSION).contains(replica)) {
            throw new BrokenPromise("a call went to a replica that is not READY");
        }
    }

    void journalLost(SimulatedGateway gateway) {
        calls.values().stream()
                .filter(call -> call.gateway == gateway)
                .filter(call -> world.database().usage.find(call.opening.callId()).isEmpty())
                .forEach(call -> call.isLost = true);
    }

    void committed() {
        world.database().orphans.takeTouched().forEach(this::noteVoid);
        world.database().usage.takeTouched().forEach(this::checkRecord);
        TreeSet<WindowKey> touched = new TreeSet<>(world.database().windows.takeTouched());
        world.database().leases.takeTouched().forEach(lease -> touched.add(lease.window()));
        touched.forEach(this::checkWindow);
    }

    /** It may be settled later all the same; what it had reserved is free by then. */
    private void noteVoid(UUID call) {
        world.database()
                .orphans
                .find(call)
                .filter(orphan -> "VOID".equals(orphan.resolution()))
                .ifPresent(orphan -> voided.add(call));
    }

    private void checkWindow(WindowKey key) {
        Row.QuotaWindow window = world.database().windows.find(key).orElse(null);
        if (window == null) {
            return;
        }
        List<Row.Lease> leases = world.database().leasesOf(key);
        require(
                sum(leases, "LIVE") == window.reserved()
                        && sum(leases, "EXPIRED") == window.unreconciled(),
                "the sums of leases are not those of " + window);
        require(
                leases.stream().allMatch(lease -> lease.outstanding() >= 0) && window.used() >= 0,
                "something is negative of " + window);
        long most = highest.getOrDefault(key.policy().value(), 0L) + late.getOrDefault(key, 0L);
        require(
                modes.get(key.policy().value()) != Mode.HARD || window.taken() <= most,
                "more than " + most + " is handed out of " + window);
    }

    private static long sum(List<Row.Lease> leases, String state) {
        return leases.stream()
                .filter(lease -> lease.is(state))
                .mapToLong(Row.Lease::outstanding)
                .sum();
    }

    private void checkRecord(UUID id) {
        Row.Usage row = world.database().usage.find(id).orElse(null);
        if (row == null) {
            return;
        }
        require(row.times() == 1, "call " + id + " is in the ledger " + row.times() + " times");
        Known call = calls.get(id);
        require(call != null && call.isOpen, "call " + id + " was never made");
        if (posted.add(id)) {
            UsageRecord record = row.record();
            checkFigures(call, record);
            if (isGivenUp(record)) {
                checkWaived(record);
            } else if (row.isOfNodesAlone()) {
                checkChargesOfLost(call, record);
            } else {
                checkCharges(call, record);
            }
        }
    }

    /** What it had reserved of one of its leases was freed before it was posted. */
    private boolean isGivenUp(UsageRecord record) {
        return record.charges().stream()
                .map(Charge::leaseId)
                .anyMatch(
                        lease -> lease != null && world.database().givenUp.find(lease).isPresent());
    }

    private void checkWaived(UsageRecord record) {
        require(
                record.waived() == Waiver.GIVEN_UP
                        && (record.cost() == null || record.cost().micros() == 0)
                        && record.charges().stream().allMatch(charge -> charge.charged() == 0),
                "charged although it was given up: " + record);
        require(
                world.nodes().stream().noneMatch(node -> node.knows(record.callId())),
                "given up although a node can tell of it: " + record);
    }

    private void checkFigures(Known call, UsageRecord record) {
        boolean isOfNode = record.source() == UsageSource.NODE;
        Waiver waived = record.waived();
        require(
                isOfNode
                        || record.equals(
                                waived == null ? call.settled : call.settled.waived(waived)),
                "the ledger has another account than the gateway: " + record);
        if (isOfNode || record.outcome() == Outcome.OK) {
            NodeUsageRecord account =
                    world.node(record.nodeId())
                            .account(new Row.Attempt(record.callId(), record.attempts()));
            require(
                    account != null
                            && account.inputTokens() == record.inputTokens()
                            && account.outputTokens() == record.outputTokens()
                            && account.computeMicros() == record.computeMicros(),
                    "the ledger has another account than the node: " + record + account);
        }
    }

    private void checkCharges(Known call, UsageRecord record) {
        require(record.waived() == null, "nothing of it was given up: " + record);
        boolean reached = record.source() == UsageSource.NODE || call.isReached;
        List<Charge> opened = call.opening.charges();
        require(opened.size() == record.charges().size(), "charges are missing of " + record);
        for (int i = 0; i < opened.size(); i++) {
            Charge reserved = opened.get(i);
            Charge charge = record.charges().get(i);
            long used =
                    charge.unit()
                            .used(
                                    new Consumption(
                                            reached,
                                            record.inputTokens(),
                                            record.outputTokens(),
                                            record.computeMicros()),
                                    World.PRICE);
            long due = reserved.leaseId() == null ? used : Math.min(used, reserved.reserved());
            require(
                    charge.charged() == due
                            && charge.reserved() == reserved.reserved()
                            && charge.windowStart().equals(reserved.windowStart()),
                    "charged " + charge + " where " + reserved + " was reserved");
            charged.merge(charge.policyId().value(), due, Long::sum);
            countLate(call, record, charge);
        }
    }

    /**
     * Of a call that only nodes tell of, what it had reserved is not known: it is charged what it
     * used, and takes no more than that out of the lease. Where that is not the lease it had
     * reserved of, or it used more than that, it may exceed the amount.
     */
    private void checkChargesOfLost(Known call, UsageRecord record) {
        Consumption used =
                new Consumption(
                        true, record.inputTokens(), record.outputTokens(), record.computeMicros());
        for (Charge charge : record.charges()) {
            long due = charge.unit().used(used, World.PRICE);
            require(
                    charge.charged() == due
                            && charge.reserved() == (charge.leaseId() == null ? 0 : due),
                    "charged " + charge + " where " + due + " was used");
            charged.merge(charge.policyId().value(), due, Long::sum);
            long reserved =
                    call.opening.charges().stream()
                            .filter(it -> it.policyId().equals(charge.policyId()))
                            .filter(it -> Objects.equals(it.leaseId(), charge.leaseId()))
                            .mapToLong(Charge::reserved)
                            .sum();
            long beyond = call.isLost ? due : Math.max(0, due - reserved);
            if (beyond > 0) {
                countLate(charge, beyond);
                strain(charge);
            }
        }
    }

    /** What comes after its reservation was given up can exceed the amount, and is not refused. */
    private void countLate(Known call, UsageRecord record, Charge charge) {
        if (voided.contains(record.callId()) || call.isLost || charge.leaseId() == null) {
            countLate(charge, charge.charged());
        }
        if (call.isLost) {
            strain(charge);
        }
    }

    private void countLate(Charge charge, long units) {
        late.merge(new WindowKey(charge.policyId(), charge.windowStart()), units, Long::sum);
    }

    private void strain(Charge charge) {
        if (charge.leaseId() != null) {
            strained.add(charge.leaseId());
        }
    }

    /** A lease had no room for charges of it. */
    void chargedOddly(UUID lease) {
        odd.add(lease);
    }

    /** The same where the charges are those of a lost gateway, by its nodes. */
    void chargedOddlyForTheLost(UUID lease) {
        oddForTheLost.add(lease);
    }

    /**
     * Charges of a lease may come to more than it has where calls were charged that had reserved
     * nothing of it, or less.
     */
    void checkOddCharges() {
        odd.addAll(oddForTheLost);
        odd.removeAll(strained);
        require(odd.isEmpty(), "charges of the leases " + odd + " did not fit their amounts");
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new BrokenPromise(otherwise);
        }
    }
}
