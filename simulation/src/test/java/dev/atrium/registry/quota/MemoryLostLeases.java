package dev.atrium.registry.quota;

import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.quota.window.WindowKey;
import dev.atrium.simulation.database.MemoryDatabase;
import dev.atrium.simulation.database.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** The twin of {@link LostLeases}, whose rules are statements of the database. */
public final class MemoryLostLeases {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Duration CLOCKS_APART = Duration.ofMinutes(2);

    private final MemoryDatabase database;

    public MemoryLostLeases(MemoryDatabase database) {
        this.database = database;
    }

    public List<Charge> charges(LostLeases.Call call, Consumption used, Price price) {
        List<Charge> charges = charges(call, used, price, false);
        return charges.stream().anyMatch(charge -> charge.leaseId() != null)
                ? charges
                : charges(call, used, price, true);
    }

    private List<Charge> charges(
            LostLeases.Call call, Consumption used, Price price, boolean ofAllLives) {
        List<Charge> charges = new ArrayList<>();
        database.policies
                .rows()
                .forEach((id, row) -> {
                    FeedPolicy policy = published(id);
                    boolean applies =
                            policy.tenantId().equals(call.tenant())
                                    && policy.window().isQuota()
                                    && policy.subject()
                                            .covers(call.project(), call.principal(), call.model());
                    Optional<Row.Lease> lease =
                            applies ? lease(call, policy, ofAllLives) : Optional.empty();
                    if (applies && (lease.isPresent() || policy.mode() != Mode.HARD)) {
                        long amount = policy.unit().used(used, price);
                        charges.add(
                                new Charge(
                                        policy.id(),
                                        lease.map(it -> it.key().window().start())
                                                .orElse(call.openedAt()),
                                        policy.unit(),
                                        lease.map(Row.Lease::id).orElse(null),
                                        lease.isPresent() ? amount : 0,
                                        amount,
                                        false));
                    }
                });
        return charges;
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

    /** Of several lives of a gateway the one that was last begun before the call. */
    private Optional<Row.Lease> lease(LostLeases.Call call, FeedPolicy policy, boolean ofAllLives) {
        Instant opened = call.openedAt();
        Comparator<Row.Lease> begun =
                Comparator.comparing((Row.Lease lease) -> !lease.begunAt().isAfter(opened))
                        .thenComparing(Row.Lease::begunAt);
        return database.windowsOf(policy.id())
                .filter(window -> !window.key().start().isAfter(opened))
                .filter(window -> window.end() == null || window.end().isAfter(opened))
                .flatMap(window -> database.leasesOf(window.key()).stream())
                .filter(lease -> lease.key().gateway().equals(call.gateway()))
                .filter(lease -> lease.amount() > 0)
                .filter(lease -> ofAllLives || isKept(lease, opened.plus(CLOCKS_APART)))
                .max(begun);
    }

    private boolean isKept(Row.Lease lease, Instant begunBy) {
        return database.givenUp.find(lease.id()).isEmpty() && !lease.begunAt().isAfter(begunBy);
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
        database.givenUp.put(lease.id(), true);
        long held = lease.outstanding();
        database.leases.put(
                lease.key(),
                lease.with("CLOSED", lease.amount() - lease.settled(), lease.settled()));
        database.windows.change(lease.key().window(), row -> row.moved(0, 0, -held, 0));
    }
}
