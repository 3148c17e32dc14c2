package dev.atrium.registry.quota;

import dev.atrium.registry.quota.window.WindowKey;
import dev.atrium.simulation.database.MemoryDatabase;
import dev.atrium.simulation.database.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Consumer;

/** The twin of {@link JdbcChargeStore}. */
public final class MemoryChargeStore implements ChargeStore {
    private final MemoryDatabase database;
    private final Consumer<UUID> odd;

    public MemoryChargeStore(MemoryDatabase database) {
        this(database, lease -> {});
    }

    /**
     * @param odd told of leases that are not there, or of which more is charged than is outstanding
     */
    MemoryChargeStore(MemoryDatabase database, Consumer<UUID> odd) {
        this.database = database;
        this.odd = odd;
    }

    @Override
    public List<ChargedWindow> known(Collection<WindowKey> keys, Instant now) {
        return keys.stream().map(key -> known(key, now)).toList();
    }

    private ChargedWindow known(WindowKey key, Instant now) {
        Optional<Row.Policy> policy = database.policies.find(key.policy().value());
        Instant at = key.start().isAfter(now) ? now : key.start();
        Instant window =
                database.windows.find(key).isPresent()
                        ? key.start()
                        : database.windowsOf(key.policy())
                                .filter(row -> !row.key().start().isAfter(at))
                                .reduce((one, later) -> later)
                                .filter(row -> row.end() == null || row.end().isAfter(at))
                                .map(row -> row.key().start())
                                .orElse(null);
        return new ChargedWindow(key, policy.map(Row.Policy::window).orElse(null), window);
    }

    @Override
    public void lock(Collection<WindowKey> keys) {
        // One transaction after the other: all of it is locked.
    }

    @Override
    public Odd settle(Map<ChargeSums.LeaseKey, Long> reserved, SortedMap<WindowKey, Long> used) {
        long unknown = 0;
        long exceeded = 0;
        for (Map.Entry<ChargeSums.LeaseKey, Long> each : reserved.entrySet()) {
            WindowKey window = each.getKey().window();
            Optional<Row.Lease> lease =
                    database.leasesOf(window).stream()
                            .filter(row -> row.id().equals(each.getKey().lease()))
                            .findFirst();
            if (lease.isEmpty()) {
                unknown++;
                odd.accept(each.getKey().lease());
            } else if (release(window, lease.get(), each.getValue()) < each.getValue()) {
                exceeded++;
                odd.accept(each.getKey().lease());
            }
        }
        used.forEach((window, amount) ->
                database.windows
                        .find(window)
                        .ifPresent(row ->
                                database.windows.put(
                                        window,
                                        row.moved(
                                                Math.min(amount, ChargeSums.MOST - row.used()),
                                                0,
                                                0,
                                                0))));
        return new Odd(unknown, exceeded);
    }

    private long release(WindowKey window, Row.Lease lease, long amount) {
        long released = Math.min(amount, lease.outstanding());
        database.leases.put(
                lease.key(),
                lease.with(lease.state(), lease.returned(), lease.settled() + released));
        Row.QuotaWindow row = database.windows.get(window);
        long living = lease.is("LIVE") ? Math.min(row.reserved(), released) : 0;
        long vanished = lease.is("EXPIRED") ? Math.min(row.unreconciled(), released) : 0;
        database.windows.put(window, row.moved(0, -living, -vanished, 0));
        return released;
    }
}
