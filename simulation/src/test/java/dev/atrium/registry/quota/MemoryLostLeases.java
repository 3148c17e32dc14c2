package dev.atrium.registry.quota;

import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.ReservedLeases;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.quota.window.WindowKey;
import dev.atrium.simulation.database.MemoryDatabase;
import dev.atrium.simulation.database.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** The twin of {@link LostLeases}, whose rules are statements of the database. */
public final class MemoryLostLeases {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final MemoryDatabase database;

    public MemoryLostLeases(MemoryDatabase database) {
        this.database = database;
    }

    public List<Charge> reserved(LostLeases.Call call) {
        List<Charge> charges = new ArrayList<>();
        Set<PolicyId> leased = new HashSet<>();
        ReservedLeases.read(call.reserved())
                .forEach((lease, units) ->
                        window(call.gateway(), lease)
                                .filter(window -> isOfTenant(window, call))
                                .ifPresent(window -> {
                                    leased.add(window.policy());
                                    charges.add(
                                            charge(window.policy(), window.start(), lease, units));
                                }));
        for (UUID id : database.policies.rows().keySet()) {
            FeedPolicy policy = published(id);
            if (!leased.contains(policy.id()) && countsWithout(policy, call)) {
                charges.add(charge(policy.id(), call.openedAt(), null, 0));
            }
        }
        return charges;
    }

    private Charge charge(PolicyId policy, Instant start, UUID lease, long units) {
        Unit unit = published(policy.value()).unit();
        return new Charge(policy, start, unit, lease, units, 0, false);
    }

    /** Of one that was given up its row may be another's. */
    private Optional<WindowKey> window(UUID gateway, UUID id) {
        return database.leases.rows().values().stream()
                .filter(lease -> lease.id().equals(id) && lease.key().gateway().equals(gateway))
                .map(lease -> lease.key().window())
                .findFirst()
                .or(() -> database.givenUp.find(id).map(Row.GivenUp::window));
    }

    private boolean isOfTenant(WindowKey window, LostLeases.Call call) {
        return database.policies
                .find(window.policy().value())
                .filter(Row.Policy::isQuota)
                .filter(policy ->
                        published(window.policy().value()).tenantId().equals(call.tenant()))
                .isPresent();
    }

    private static boolean countsWithout(FeedPolicy policy, LostLeases.Call call) {
        return policy.tenantId().equals(call.tenant())
                && policy.window().isQuota()
                && policy.mode() != Mode.HARD
                && policy.subject().covers(call.project(), call.principal(), call.model());
    }

    private FeedPolicy published(UUID policy) {
        return database.feed.rows().values().stream()
                .map(Row.Feed::entry)
                .filter(entry -> entry.kind() == FeedKind.QUOTA_POLICY)
                .filter(entry -> entry.id().equals(policy.toString()))
                .map(entry -> JSON.treeToValue(entry.body(), FeedPolicy.class))
                .findFirst()
                .orElseThrow();
    }

    /** Each window in a transaction of its own. */
    public void end(UUID gateway, Instant before) {
        List<WindowKey> windows =
                database.leases.rows().values().stream()
                        .filter(lease -> isOver(lease, gateway, before))
                        .map(lease -> lease.key().window())
                        .distinct()
                        .toList();
        windows.forEach(window ->
                database.executeWithoutResult(status ->
                        database.leasesOf(window).stream()
                                .filter(lease -> isOver(lease, gateway, before))
                                .forEach(this::end)));
    }

    private static boolean isOver(Row.Lease lease, UUID gateway, Instant before) {
        return lease.key().gateway().equals(gateway)
                && lease.is("EXPIRED")
                && lease.expiresAt().isBefore(before);
    }

    private void end(Row.Lease lease) {
        database.givenUp.put(lease.id(), new Row.GivenUp(lease.key().window(), Set.of()));
        long held = lease.outstanding();
        database.leases.put(
                lease.key(),
                lease.with("CLOSED", lease.amount() - lease.settled(), lease.settled()));
        database.windows.change(lease.key().window(), row -> row.moved(0, 0, -held, 0));
    }
}
