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
import java.util.Collection;
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
    private final TreeSet<UUID> odd = new TreeSet<>();
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
            if (record.waived() == null) {
                require(!isGivenUp(record), "charged although it was given up: " + record);
                require(!isVoid(record), "charged although it was void: " + record);
                checkCharges(call, record);
            } else {
                checkWaived(call, record);
            }
        }
    }

    /** What it had reserved was freed before it was posted, and nobody could have told sooner. */
    private void checkWaived(Known call, UsageRecord record) {
        require(
                isFreed(record)
                        && (record.cost() == null || record.cost().micros() == 0)
                        && record.charges().stream().allMatch(charge -> charge.charged() == 0),
                "not a call that is waived: " + record);
        require(
                call.isLost
                        || record.waived() == Waiver.VOID
                        || world.nodes().stream().noneMatch(node -> node.knows(record.callId())),
                "given up although a node can tell of it: " + record);
    }

    private boolean isFreed(UsageRecord record) {
        return record.waived() == Waiver.VOID ? isVoid(record) : isGivenUp(record);
    }

    /** It was void, and what it had reserved was freed then. */
    private boolean isVoid(UsageRecord record) {
        return voided.contains(record.callId())
                && record.charges().stream().anyMatch(charge -> charge.leaseId() != null);
    }

    /** What it had reserved of one of its leases was freed with it. */
    private boolean isGivenUp(UsageRecord record) {
        return record.charges().stream()
                .map(Charge::leaseId)
                .filter(Objects::nonNull)
                .map(lease -> world.database().givenUp.find(lease))
                .anyMatch(how -> how.isPresent() && !how.get().kept().contains(record.callId()));
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
        boolean isOfNode = record.source() == UsageSource.NODE;
        boolean reached = isOfNode || call.isReached;
        Consumption consumption =
                new Consumption(
                        reached,
                        record.inputTokens(),
                        record.outputTokens(),
                        record.computeMicros());
        Map<UUID, Charge> charges = new TreeMap<>();
        record.charges().forEach(charge -> charges.put(charge.policyId().value(), charge));
        for (Charge reserved : call.opening.charges()) {
            Charge charge = charges.remove(reserved.policyId().value());
            if (charge == null) {
                require(isOfNode && isNotCounted(reserved), "not charged " + reserved + record);
                continue;
            }
            long used = reserved.unit().used(consumption, World.PRICE);
            long due = reserved.leaseId() == null ? used : Math.min(used, reserved.reserved());
            require(
                    charge.charged() == due
                            && Objects.equals(charge.leaseId(), reserved.leaseId())
                            && (charge.leaseId() == null
                                    || charge.reserved() == reserved.reserved())
                            && (charge.leaseId() == null
                                    || charge.windowStart().equals(reserved.windowStart())),
                    "charged " + charge + " where " + reserved + " was reserved");
            charged.merge(charge.policyId().value(), due, Long::sum);
            countLate(charge);
        }
        checkNotReserved(charges.values(), record, consumption);
    }

    /** Of a call that only nodes tell of: a policy that is gone, or counts it no more without. */
    private boolean isNotCounted(Charge reserved) {
        return reserved.leaseId() == null
                || world.database().policies.find(reserved.policyId().value()).isEmpty();
    }

    /** Of a call that only nodes tell of, soft policies that count it now may not have then. */
    private void checkNotReserved(
            Collection<Charge> charges, UsageRecord record, Consumption consumption) {
        for (Charge charge : charges) {
            require(
                    record.source() == UsageSource.NODE
                            && charge.leaseId() == null
                            && charge.charged() == charge.unit().used(consumption, World.PRICE),
                    "charged " + charge + " where nothing was reserved: " + record);
            charged.merge(charge.policyId().value(), charge.charged(), Long::sum);
            countLate(charge);
        }
    }

    /** What was counted without a limit can exceed the amount that the policy has since. */
    private void countLate(Charge charge) {
        if (charge.leaseId() == null) {
            countLate(charge, charge.charged());
        }
    }

    private void countLate(Charge charge, long units) {
        late.merge(new WindowKey(charge.policyId(), charge.windowStart()), units, Long::sum);
    }

    /** A lease had no room for charges of it. */
    void chargedOddly(UUID lease) {
        odd.add(lease);
    }

    void checkOddCharges() {
        require(odd.isEmpty(), "charges of the leases " + odd + " did not fit their amounts");
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new BrokenPromise(otherwise);
        }
    }
}
