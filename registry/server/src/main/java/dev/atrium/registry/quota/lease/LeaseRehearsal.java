package dev.atrium.registry.quota.lease;

import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.OwnRate;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Leases that nobody gets: made on several connections at once, and rolled back.
 *
 * @see Rehearsal
 */
@Component
class LeaseRehearsal {
    /** As many as the first gateways that come at once will want. */
    private static final int CONNECTIONS = 4;

    /** From the fifth time on PostgreSQL keeps a statement's plan with its connection. */
    private static final int ROUNDS = 12;

    private static final long PLACES = 1_000;

    private final OwnRates ownRates;
    private final LifeStore lives;
    private final JdbcClient platform;
    private final TransactionOperations transactions;

    LeaseRehearsal(
            OwnRates ownRates,
            LifeStore lives,
            @Qualifier("platformJdbc") JdbcClient platform,
            @Qualifier("platformTransactions") TransactionOperations transactions) {
        this.ownRates = ownRates;
        this.lives = lives;
        this.platform = platform;
        this.transactions = transactions;
    }

    void run() throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                running.add(threads.submit(this::onOneConnection));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
    }

    private void onOneConnection() {
        transactions.executeWithoutResult(status -> {
            status.setRollbackOnly();
            anyTenant().ifPresent(this::lease);
        });
    }

    private Optional<TenantId> anyTenant() {
        return platform.sql("SELECT id FROM tenant LIMIT 1")
                .query(UUID.class)
                .optional()
                .map(TenantId::new);
    }

    private void lease(TenantId tenant) {
        Holder nobody = new Holder(UUID.randomUUID(), UUID.randomUUID());
        OwnRate rate = new OwnRate(tenant, "rehearsal", PLACES);
        LeaseWish wish =
                new LeaseWish(new PolicyId(UUID.randomUUID()), null, null, 1, 1, 0, 0, rate);
        lives.note(nobody);
        for (int i = 0; i < ROUNDS; i++) {
            lives.windowsOfFormer(nobody);
            ownRates.answer(nobody, wish, rate);
        }
    }
}
