package dev.atrium.registry.usage;

import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.GrantedCall;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.quota.LostLeases;
import dev.atrium.registry.quota.MemoryLostLeases;
import dev.atrium.simulation.database.MemoryDatabase;
import dev.atrium.simulation.database.Row;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The twin of {@link LostGateways}, in the order of its transactions. */
public final class MemoryLostGateways {
    private final MemoryDatabase database;
    private final MemoryLedger ledger;
    private final MemoryLostLeases leases;
    private final UsageProperties properties;
    private final Clock clock;
    private final Price price;
    private final boolean hasty;

    MemoryLostGateways(
            MemoryDatabase database,
            MemoryLedger ledger,
            UsageProperties properties,
            Clock clock,
            Price price,
            boolean hasty) {
        this.database = database;
        this.ledger = ledger;
        this.leases = new MemoryLostLeases(database);
        this.properties = properties;
        this.clock = clock;
        this.price = price;
        this.hasty = hasty;
    }

    /** As the leading registry does every two seconds. */
    public void run() {
        Instant told = toldThrough().minus(properties.lostGateway());
        List<UUID> gateways = List.copyOf(database.gateways.rows().keySet());
        for (UUID gateway : gateways) {
            Instant lastSeen = database.gateways.get(gateway).lastSeenAt();
            if (lastSeen.isBefore(told)) {
                resolve(gateway, lastSeen.plus(properties.lostGateway()));
            }
        }
        Instant old = clock.instant().minus(properties.lostCall());
        gateways.forEach(gateway -> settle(gateway, old));
    }

    private Instant toldThrough() {
        Instant now = clock.instant();
        Instant patient = now.minus(properties.deadNodePatience());
        return database.nodes.rows().values().stream()
                .filter(node -> node.alive() || node.lastSeenAt().isAfter(patient))
                .map(node -> node.through() == null ? node.joinedAt() : node.through())
                .min(Instant::compareTo)
                .filter(through -> through.isBefore(now))
                .orElse(now);
    }

    private void resolve(UUID gateway, Instant boundary) {
        if (hasty) {
            leases.end(gateway, boundary);
        }
        settle(gateway, Instant.MAX);
        if (!hasOrphans(gateway)) {
            leases.end(gateway, boundary);
        }
    }

    private boolean hasOrphans(UUID gateway) {
        return database.orphans.rows().values().stream()
                .anyMatch(
                        orphan -> orphan.gateway().equals(gateway) && orphan.resolution() == null);
    }

    private void settle(UUID gateway, Instant before) {
        List<UUID> calls =
                database.nodeUsage.rows().values().stream()
                        .filter(Row.NodeUsage::isUnclaimed)
                        .filter(row -> row.record().call().gatewayId().equals(gateway))
                        .map(row -> row.record().callId())
                        .filter(call -> CallTime.of(call).isBefore(before))
                        .distinct()
                        .toList();
        if (!calls.isEmpty()) {
            database.executeWithoutResult(status -> settle(gateway, calls));
        }
    }

    private void settle(UUID gateway, List<UUID> calls) {
        ledger.post(
                gateway,
                calls.stream().filter(this::isUnknown).map(call -> record(gateway, call)).toList());
        calls.forEach(this::claim);
    }

    private boolean isUnknown(UUID call) {
        return database.usage.find(call).isEmpty() && database.orphans.find(call).isEmpty();
    }

    private void claim(UUID call) {
        List<Row.Attempt> attempts =
                database.nodeUsage.from(new Row.Attempt(call, 0)).keySet().stream()
                        .takeWhile(attempt -> attempt.call().equals(call))
                        .toList();
        attempts.forEach(attempt -> database.nodeUsage.change(attempt, Row.NodeUsage::claimed));
    }

    private UsageRecord record(UUID gateway, UUID id) {
        Row.NodeUsage last = ledger.lastAttempt(id).orElseThrow();
        GrantedCall call = last.record().call();
        OrphanResolver.Account account = MemoryLedger.account(last, last.record().startedAt());
        Instant opened = CallTime.of(id);
        LostLeases.Call charged =
                new LostLeases.Call(
                        gateway,
                        call.tenantId(),
                        call.projectId(),
                        call.principalId(),
                        call.modelName(),
                        opened,
                        call.reserved());
        return OrphanResolver.record(
                new OrphanResolver.Ending(
                        new OpenCall(
                                id,
                                call.tenantId(),
                                call.projectId(),
                                call.principalKind(),
                                call.principalId(),
                                call.modelId(),
                                call.modelName(),
                                last.record().versionId(),
                                call.version(),
                                call.operation(),
                                opened,
                                leases.reserved(charged),
                                price.id(),
                                call.label()),
                        account),
                price);
    }
}
