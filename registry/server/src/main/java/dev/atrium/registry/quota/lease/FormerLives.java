package dev.atrium.registry.quota.lease;

import dev.atrium.registry.quota.window.WindowKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Frees what earlier lives of a gateway's process held, once everything they journalled has been
 * shipped: all but what calls still hold of which nobody knows yet how they ended.
 *
 * <p>Which life is the earlier one is written down when each is first seen, so that a message which
 * a dead process had sent cannot free what the present one holds.
 */
@Component
class FormerLives {
    private final LifeStore lives;
    private final LeaseStore leases;
    private final TransactionOperations transactions;
    private final Set<Holder> noted = ConcurrentHashMap.newKeySet();

    FormerLives(
            LifeStore lives,
            LeaseStore leases,
            @Qualifier("platformTransactions") TransactionOperations transactions) {
        this.lives = lives;
        this.leases = leases;
        this.transactions = transactions;
    }

    /** Before anything is granted to it. */
    void note(Holder holder) {
        if (!noted.contains(holder)) {
            lives.note(holder);
            noted.add(holder);
        }
    }

    void release(Holder present) {
        for (WindowKey window : lives.windowsOfFormer(present)) {
            transactions.executeWithoutResult(status -> {
                leases.lock(window);
                lives.releaseFormer(window, present);
            });
        }
    }
}
