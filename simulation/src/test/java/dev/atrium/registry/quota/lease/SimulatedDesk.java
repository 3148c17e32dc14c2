package dev.atrium.registry.quota.lease;

import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.quota.window.MemoryWindowStore;
import dev.atrium.registry.quota.window.WindowKey;
import dev.atrium.simulation.database.MemoryDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** What one registry decides of leases, on the twin of the database. */
public final class SimulatedDesk {
    /**
     * @param awaited what is to become free because others could give it; 0 for nothing
     */
    public record Answer(WindowKey window, LeaseState state, long awaited) {}

    private final MemoryDatabase database;
    private final LeaseStore store;
    private final LeaseDesk desk;
    private final FormerLives formerLives;

    public SimulatedDesk(
            MemoryDatabase database, MemoryLeaseStore store, Duration lifetime, Clock clock) {
        this.database = database;
        this.store = store;
        this.desk =
                new LeaseDesk(
                        store,
                        MemoryWindowStore.windows(database),
                        new LeaseProperties(
                                lifetime,
                                Duration.ofMillis(200),
                                Duration.ofSeconds(25),
                                Duration.ofSeconds(1),
                                Duration.ofMinutes(1)),
                        clock);
        this.formerLives = new FormerLives(store, store, database);
    }

    public void note(UUID gateway, UUID incarnation) {
        formerLives.note(new Holder(gateway, incarnation));
    }

    public void release(UUID gateway, UUID incarnation) {
        formerLives.release(new Holder(gateway, incarnation));
    }

    public Optional<Answer> answer(UUID gateway, UUID incarnation, LeaseWish wish) {
        Holder holder = new Holder(gateway, incarnation);
        return database.execute(status -> desk.answer(holder, wish))
                .map(it -> new Answer(it.window(), it.state(), it.awaited()));
    }

    /** As the leading registry does each second. */
    public void endTheSilent() {
        for (WindowKey window : store.windowsOfTheSilent(1_000)) {
            database.executeWithoutResult(status -> {
                store.lock(window);
                store.endSilent(window);
            });
        }
    }
}
