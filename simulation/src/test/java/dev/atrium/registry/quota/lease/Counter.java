package dev.atrium.registry.quota.lease;

import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.quota.SettlementTwins;
import dev.atrium.registry.quota.window.WindowKey;
import dev.atrium.registry.quota.window.Windows;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** What a registry does with leases, on PostgreSQL or on its twin. */
public final class Counter {
    private final TransactionOperations transactions;
    private final LeaseStore store;
    private final LeaseDesk desk;
    private final FormerLives formerLives;

    private Counter(
            TransactionOperations transactions,
            LeaseStore store,
            LifeStore lives,
            Windows windows,
            LeaseProperties properties,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.desk = new LeaseDesk(store, windows, properties, clock);
        this.formerLives = new FormerLives(lives, store, transactions);
    }

    private static LeaseProperties properties() {
        return new LeaseProperties(
                Duration.ofMinutes(10),
                Duration.ofMillis(200),
                Duration.ofSeconds(25),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1));
    }

    public static Counter onPostgres(
            TransactionOperations transactions, JdbcClient jdbc, Windows windows, Clock clock) {
        return new Counter(
                transactions,
                new JdbcLeaseStore(jdbc, properties()),
                new JdbcLifeStore(jdbc, SettlementTwins.givenUpOnPostgres(jdbc)),
                windows,
                properties(),
                clock);
    }

    public static Counter onTwin(
            TransactionOperations transactions,
            MemoryLeaseStore store,
            Windows windows,
            Clock clock) {
        return new Counter(transactions, store, store, windows, properties(), clock);
    }

    /** Ids differ between the two; everything else may not. */
    public Optional<LeaseState> answer(UUID gateway, UUID incarnation, LeaseWish wish) {
        Holder holder = new Holder(gateway, incarnation);
        formerLives.note(holder);
        return Optional.ofNullable(transactions.execute(status -> desk.answer(holder, wish)))
                .flatMap(answer -> answer)
                .map(LeaseDesk.Answered::state);
    }

    public void release(UUID gateway, UUID incarnation) {
        Holder holder = new Holder(gateway, incarnation);
        formerLives.note(holder);
        formerLives.release(holder);
    }

    public List<WindowKey> endTheSilent() {
        List<WindowKey> windows = store.windowsOfTheSilent(1_000);
        for (WindowKey window : windows) {
            transactions.executeWithoutResult(status -> {
                store.lock(window);
                store.endSilent(window);
            });
        }
        return windows;
    }
}
