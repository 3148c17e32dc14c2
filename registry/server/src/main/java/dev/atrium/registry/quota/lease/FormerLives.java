package dev.atrium.registry.quota.lease;

import dev.atrium.registry.node.GatewayHeard;
import dev.atrium.registry.quota.window.WindowKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Frees what earlier lives of a gateway's process held, once everything they journalled has been
 * shipped: all but what calls still hold of which nobody knows yet how they ended.
 *
 * <p>Which life is the earlier one is written down at each one's first heartbeat, which is answered
 * before it asks for anything: by the time there is a next life, its former is noted. So a message
 * which a dead process had sent cannot free what the present one holds, not even where it is the
 * first of that process that asks for leases.
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

    @EventListener
    void note(GatewayHeard heard) {
        note(new Holder(heard.gateway(), heard.incarnation()));
    }

    /** Before anything is granted to it; heartbeats of former versions do not name their life. */
    void note(Holder holder) {
        if (!noted.contains(holder)) {
            lives.note(holder);
            noted.add(holder);
        }
    }

    void release(Holder present) {
        for (WindowKey window : lives.windowsOfFormer(present)) {
            transactions.executeWithoutResult(status -> {
                lives.hold(present);
                leases.lock(window);
                lives.releaseFormer(window, present);
            });
        }
    }
}
