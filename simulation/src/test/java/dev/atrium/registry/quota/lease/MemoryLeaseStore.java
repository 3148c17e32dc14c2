package dev.atrium.registry.quota.lease;

import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.quota.window.WindowKey;
import dev.atrium.simulation.database.MemoryDatabase;
import dev.atrium.simulation.database.Row;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The twin of {@link JdbcLeaseStore} and {@link JdbcLifeStore}. */
public class MemoryLeaseStore implements LeaseStore, LifeStore {
    private static final String LIVE = "LIVE";
    private static final String EXPIRED = "EXPIRED";
    private static final String CLOSED = "CLOSED";

    private final MemoryDatabase database;
    private final Duration lifetime;

    public MemoryLeaseStore(MemoryDatabase database, Duration lifetime) {
        this.database = database;
        this.lifetime = lifetime;
    }

    @Override
    public UUID newId() {
        // As the database makes them: with their time, by which lives of a gateway are told apart.
        return new UUID(
                database.now().toEpochMilli() << 16 | 0x7000L,
                0x8000_0000_0000_0000L | database.next("lease"));
    }

    @Override
    public WindowFigures lock(WindowKey window) {
        Row.QuotaWindow row = database.windows.get(window);
        return new WindowFigures(
                row.used(), row.reserved(), row.unreconciled(), row.refused(), row.end());
    }

    @Override
    public Optional<Lease> lease(WindowKey window, Holder holder) {
        return database.leases
                .find(key(window, holder))
                .map(row ->
                        new Lease(
                                row.id(),
                                Lease.State.valueOf(row.state()),
                                row.amount(),
                                row.returned(),
                                row.settled(),
                                row.refused()));
    }

    private static Row.LeaseKey key(WindowKey window, Holder holder) {
        return new Row.LeaseKey(window, holder.gateway(), holder.incarnation());
    }

    @Override
    public Others others(WindowKey window, Holder holder) {
        List<Row.Lease> living =
                database.leasesOf(window).stream()
                        .filter(lease -> lease.is(LIVE))
                        .filter(lease -> !lease.key().gateway().equals(holder.gateway()))
                        .toList();
        return new Others(
                living.stream().map(lease -> lease.key().gateway()).distinct().count(),
                living.stream().mapToLong(Row.Lease::outstanding).sum());
    }

    @Override
    public void put(WindowKey window, Holder holder, Lease lease) {
        Row.LeaseKey key = key(window, holder);
        database.leases.put(
                key,
                new Row.Lease(
                        key,
                        lease.id(),
                        lease.state().name(),
                        lease.amount(),
                        lease.returned(),
                        lease.settled(),
                        lease.refused(),
                        database.now().plus(lifetime)));
    }

    @Override
    public void move(
            WindowKey window, WindowFigures from, WindowFigures to, long granted, long limit) {
        Row.QuotaWindow moved =
                database.windows
                        .get(window)
                        .moved(
                                0,
                                to.reserved() - from.reserved(),
                                to.unreconciled() - from.unreconciled(),
                                to.refused() - from.refused());
        if (granted != 0 && moved.taken() > limit) {
            throw new IllegalStateException("a grant would go beyond the limit of " + window);
        }
        database.windows.put(window, moved);
    }

    @Override
    public List<WindowKey> windowsOfTheSilent(int most) {
        return database.leases.rows().values().stream()
                .filter(this::isSilent)
                .map(lease -> lease.key().window())
                .distinct()
                .limit(most)
                .toList();
    }

    private boolean isSilent(Row.Lease lease) {
        return lease.is(LIVE) && lease.expiresAt().isBefore(database.now());
    }

    @Override
    public void endSilent(WindowKey window) {
        boolean isQuota = isQuota(window);
        for (Row.Lease lease : database.leasesOf(window)) {
            if (isSilent(lease)) {
                long held = lease.outstanding();
                boolean vanishes = isQuota && held > 0;
                freed(lease, isQuota ? 0 : held);
                database.leases.put(
                        lease.key(),
                        lease.with(
                                vanishes ? EXPIRED : CLOSED,
                                isQuota ? lease.returned() : lease.amount() - lease.settled(),
                                lease.settled()));
                database.windows.change(window, row -> row.moved(0, -held, isQuota ? held : 0, 0));
            }
        }
    }

    /**
     * Slices or permits of a lease that has ended are for others.
     *
     * @param units 0 of a quota
     */
    protected void freed(Row.Lease lease, long units) {
        // Nobody looks.
    }

    protected boolean isQuota(WindowKey window) {
        return database.policies.get(window.policy().value()).isQuota();
    }

    @Override
    public void note(Holder holder) {
        Row.Life life = new Row.Life(holder.gateway(), holder.incarnation());
        database.executeWithoutResult(status -> {
            if (database.lives.find(life).isEmpty()) {
                database.lives.put(life, database.next("life"));
            }
        });
    }

    private Predicate<Row.Lease> isFormer(Holder present) {
        long since =
                database.lives
                        .find(new Row.Life(present.gateway(), present.incarnation()))
                        .orElse(Long.MIN_VALUE);
        return lease ->
                lease.key().gateway().equals(present.gateway())
                        && !lease.is(CLOSED)
                        && database.lives
                                .find(new Row.Life(present.gateway(), lease.key().incarnation()))
                                .filter(seen -> seen < since)
                                .isPresent();
    }

    @Override
    public List<WindowKey> windowsOfFormer(Holder present) {
        return database.leases.rows().values().stream()
                .filter(isFormer(present))
                .map(lease -> lease.key().window())
                .distinct()
                .toList();
    }

    @Override
    public void hold(Holder present) {
        // One transaction after the other: nobody else does anything.
    }

    @Override
    public void releaseFormer(WindowKey window, Holder present) {
        List<Row.Lease> former =
                database.leasesOf(window).stream().filter(isFormer(present)).toList();
        for (Row.Lease lease : former) {
            long held = isQuota(window) ? heldByCalls(present.gateway(), lease.id()) : 0;
            long outstanding = lease.outstanding();
            long freed = Math.max(0, outstanding - held);
            if (isQuota(window) && freed > 0) {
                givenUp(
                        lease.id(),
                        new Row.GivenUp(window, keeping(present.gateway(), lease.id())));
            }
            freed(lease, isQuota(window) ? 0 : freed);
            database.leases.put(
                    lease.key(),
                    lease.with(
                            freed == outstanding ? CLOSED : EXPIRED,
                            lease.returned() + freed,
                            lease.settled()));
            boolean lives = lease.is(LIVE);
            database.windows.change(
                    window,
                    row ->
                            row.moved(
                                    0,
                                    lives ? -outstanding : 0,
                                    outstanding - freed - (lives ? 0 : outstanding),
                                    0));
        }
    }

    protected void givenUp(UUID lease, Row.GivenUp how) {
        database.givenUp.put(lease, how);
    }

    private Set<UUID> keeping(UUID gateway, UUID lease) {
        return unresolved(gateway)
                .map(Row.Orphan::call)
                .filter(call -> call.charges().stream().anyMatch(it -> lease.equals(it.leaseId())))
                .map(OpenCall::callId)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Stream<Row.Orphan> unresolved(UUID gateway) {
        return database.orphans.rows().values().stream()
                .filter(orphan -> orphan.resolution() == null && orphan.gateway().equals(gateway));
    }

    private long heldByCalls(UUID gateway, UUID lease) {
        return unresolved(gateway)
                .flatMap(orphan -> orphan.call().charges().stream())
                .filter(charge -> lease.equals(charge.leaseId()))
                .mapToLong(Charge::reserved)
                .map(reserved -> Math.max(0, reserved))
                .sum();
    }
}
