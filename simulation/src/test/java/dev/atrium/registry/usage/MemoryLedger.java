package dev.atrium.registry.usage;

import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.ShipUsage;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.quota.GivenUpLeases;
import dev.atrium.registry.quota.MemoryGivenUpLeases;
import dev.atrium.registry.quota.Settlements;
import dev.atrium.simulation.Settings;
import dev.atrium.simulation.database.MemoryDatabase;
import dev.atrium.simulation.database.Row;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The twin of {@link Intake}, {@link Ledger}, {@link Orphans}, {@link NodeAccounts} and {@link
 * OrphanResolver}, whose rules are statements of the database. What may be posted, how an orphan is
 * booked and how charges are settled is the product's own code.
 */
public final class MemoryLedger {
    private static final Comparator<UUID> ORDER =
            (one, other) -> {
                int high =
                        Long.compareUnsigned(
                                one.getMostSignificantBits(), other.getMostSignificantBits());
                return high == 0
                        ? Long.compareUnsigned(
                                one.getLeastSignificantBits(), other.getLeastSignificantBits())
                        : high;
            };

    private final MemoryDatabase database;
    private final Settlements settlements;
    private final UsageProperties properties;
    private final Admissibility admissibility;
    private final Clock clock;
    private final Price price;
    private final boolean forgetful;
    private final boolean rigid;
    private final GivenUpLeases givenUp;
    private final MemoryLostGateways lost;

    /**
     * @param price of every call
     * @param lostGateway how long a gateway is waited for
     * @param lostCall how long a call of a gateway that is heard of is waited for
     * @param forgetful the planted bug: a record that is known is posted again
     * @param hasty the planted bug: what lost gateways held is free before their calls are posted
     * @param rigid the planted bug: what had reserved of a lease that was given up is charged
     */
    public MemoryLedger(
            MemoryDatabase database,
            Settlements settlements,
            Duration silence,
            Duration deadNodePatience,
            Duration lostGateway,
            Duration lostCall,
            Clock clock,
            Price price,
            boolean forgetful,
            boolean hasty,
            boolean rigid) {
        this.database = database;
        this.settlements = settlements;
        this.properties =
                Settings.of(
                        UsageProperties.class,
                        "atrium.registry.usage",
                        Map.of(
                                "silence",
                                silence,
                                "dead-node-patience",
                                deadNodePatience,
                                "lost-gateway",
                                lostGateway,
                                "lost-call",
                                lostCall));
        this.admissibility = new Admissibility(null, properties, clock);
        this.clock = clock;
        this.price = price;
        this.forgetful = forgetful;
        this.rigid = rigid;
        this.givenUp = new MemoryGivenUpLeases(database);
        this.lost = new MemoryLostGateways(database, this, properties, clock, price, hasty);
    }

    public MemoryLostGateways lostGateways() {
        return lost;
    }

    /** A gateway's batch; in one transaction. */
    public void take(UUID gateway, ShipUsage batch, Set<TenantId> tenants) {
        List<UsageRecord> records =
                batch.settled().stream()
                        .filter(record -> admissibility.refusal(record, tenants).isEmpty())
                        .toList();
        List<OpenCall> open =
                batch.orphans().stream()
                        .filter(call -> admissibility.refusal(call, tenants).isEmpty())
                        .toList();
        if (records.size() + open.size() < batch.settled().size() + batch.orphans().size()) {
            throw new IllegalStateException("a sound record was put into quarantine");
        }
        database.executeWithoutResult(status -> {
            if (!records.isEmpty()) {
                post(gateway, records);
            }
            for (OpenCall call : open) {
                if (database.orphans.find(call.callId()).isEmpty()) {
                    database.orphans.put(call.callId(), new Row.Orphan(gateway, call, null));
                }
            }
        });
    }

    void post(UUID gateway, List<UsageRecord> records) {
        List<Charge> charges = new ArrayList<>();
        records.stream()
                .sorted(Comparator.comparing(UsageRecord::callId, ORDER))
                .forEach(record -> charges.addAll(post(gateway, record)));
        settlements.post(charges);
    }

    private List<Charge> post(UUID gateway, UsageRecord record) {
        Optional<Row.Usage> known = database.usage.find(record.callId());
        if (known.isPresent() && !forgetful) {
            return List.of();
        }
        int times = known.map(Row.Usage::times).orElse(0) + 1;
        Freed freed = freed(gateway, record);
        UsageRecord entry = freed.due(record);
        database.usage.put(record.callId(), new Row.Usage(gateway, entry, times));
        return freed.settling(entry.callId(), entry.charges());
    }

    private Freed freed(UUID gateway, UsageRecord record) {
        boolean isVoid =
                database.orphans
                        .find(record.callId())
                        .filter(orphan -> "VOID".equals(orphan.resolution()))
                        .isPresent();
        return new Freed(
                givenUp(gateway, record.charges()), isVoid ? Set.of(record.callId()) : Set.of());
    }

    private GivenUpLeases.Among givenUp(UUID gateway, List<Charge> charges) {
        return rigid ? GivenUpLeases.Among.NONE : givenUp.among(gateway, charges);
    }

    /** A node's batch; in one transaction. */
    public void keep(UUID node, List<NodeUsageRecord> records) {
        database.executeWithoutResult(status -> records.forEach(record -> keep(node, record)));
    }

    private void keep(UUID node, NodeUsageRecord record) {
        Row.Attempt attempt = new Row.Attempt(record.callId(), record.attempt());
        Optional<Row.NodeUsage> known = database.nodeUsage.find(attempt);
        if (known.isEmpty()) {
            boolean isUnclaimed = database.usage.find(record.callId()).isEmpty();
            database.nodeUsage.put(attempt, new Row.NodeUsage(node, record, isUnclaimed));
        } else if (known.get().node().equals(node) && known.get().record().finishedAt() == null) {
            NodeUsageRecord begun = known.get().record();
            database.nodeUsage.put(
                    attempt,
                    new Row.NodeUsage(
                            node,
                            new NodeUsageRecord(
                                    begun.callId(),
                                    begun.attempt(),
                                    begun.versionId(),
                                    begun.startedAt(),
                                    record.finishedAt(),
                                    record.outcome(),
                                    record.inputTokens(),
                                    record.outputTokens(),
                                    record.computeMicros(),
                                    record.energy(),
                                    begun.call(),
                                    record.cachedInputTokens(),
                                    record.media()),
                            known.get().isUnclaimed()));
        }
    }

    public void settleThoseInTheLedger() {
        database.executeWithoutResult(status ->
                unresolved()
                        .filter(orphan -> database.usage.find(orphan.call().callId()).isPresent())
                        .toList()
                        .forEach(orphan -> resolve(orphan, "SETTLED")));
    }

    private Stream<Row.Orphan> unresolved() {
        return database.orphans.rows().values().stream()
                .filter(orphan -> orphan.resolution() == null);
    }

    private void resolve(Row.Orphan orphan, String how) {
        database.orphans.put(orphan.call().callId(), orphan.resolved(how));
    }

    public List<UUID> gateways() {
        return database.orphans.rows().values().stream()
                .filter(orphan -> !"SETTLED".equals(orphan.resolution()))
                .map(Row.Orphan::gateway)
                .distinct()
                .toList();
    }

    public void settleFromNodes(UUID gateway) {
        database.executeWithoutResult(status -> {
            List<Row.Orphan> known =
                    database.orphans.rows().values().stream()
                            .filter(orphan -> orphan.gateway().equals(gateway))
                            .filter(orphan -> !"SETTLED".equals(orphan.resolution()))
                            .filter(this::isAccountedFor)
                            .toList();
            if (!known.isEmpty()) {
                post(gateway, known.stream().map(this::record).toList());
                known.forEach(orphan -> resolve(orphan, "SETTLED"));
            }
        });
    }

    private UsageRecord record(Row.Orphan orphan) {
        Row.NodeUsage last = lastAttempt(orphan.call().callId()).orElseThrow();
        return OrphanResolver.record(
                new OrphanResolver.Ending(orphan.call(), account(last, clock.instant())), price);
    }

    /**
     * @param endedAt where the node does not say it
     */
    static OrphanResolver.Account account(Row.NodeUsage last, Instant endedAt) {
        NodeUsageRecord account = last.record();
        return new OrphanResolver.Account(
                last.node(),
                account.attempt(),
                account.finishedAt() == null ? endedAt : account.finishedAt(),
                account.inputTokens(),
                account.outputTokens(),
                account.computeMicros(),
                account.energy(),
                account.cachedInputTokens(),
                account.media());
    }

    Optional<Row.NodeUsage> lastAttempt(UUID call) {
        return database.nodeUsage.from(new Row.Attempt(call, 0)).entrySet().stream()
                .takeWhile(entry -> entry.getKey().call().equals(call))
                .map(Map.Entry::getValue)
                .reduce((one, later) -> later);
    }

    private boolean isAccountedFor(Row.Orphan orphan) {
        return lastAttempt(orphan.call().callId())
                .filter(last -> {
                    NodeUsageRecord account = last.record();
                    boolean finished = account.finishedAt() != null;
                    return (finished && !account.outcome().equals("NODE_FAILED"))
                            || (areNodesSilent(orphan) && (finished || isHeardOrGone(last.node())));
                })
                .isPresent();
    }

    private boolean isHeardOrGone(UUID id) {
        Instant patient = clock.instant().minus(properties.deadNodePatience());
        return database.nodes
                .find(id)
                .map(node -> node.alive() || node.lastSeenAt().isBefore(patient))
                .orElse(true);
    }

    private boolean areNodesSilent(Row.Orphan orphan) {
        Instant past = orphan.call().openedAt().plus(properties.silence());
        return past.isBefore(database.now())
                && database.nodes.rows().values().stream()
                        .noneMatch(node ->
                                node.alive()
                                        && node.joinedAt().isBefore(past)
                                        && (node.through() == null
                                                || !node.through().isAfter(past)));
    }

    public void voidTheUnknown() {
        database.executeWithoutResult(status -> {
            List<Row.Orphan> unknown =
                    unresolved()
                            .filter(orphan -> lastAttempt(orphan.call().callId()).isEmpty())
                            .filter(orphan -> database.usage.find(orphan.call().callId()).isEmpty())
                            .filter(this::areNodesSilent)
                            .toList();
            unknown.forEach(this::voidIt);
        });
    }

    private void voidIt(Row.Orphan orphan) {
        resolve(orphan, "VOID");
        List<Charge> charges = orphan.call().charges();
        settlements.release(
                givenUp(orphan.gateway(), charges).settling(orphan.call().callId(), charges));
    }
}
