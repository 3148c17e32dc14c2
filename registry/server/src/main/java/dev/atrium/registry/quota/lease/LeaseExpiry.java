package dev.atrium.registry.quota.lease;

import dev.atrium.registry.leader.Leadership;
import dev.atrium.registry.quota.window.WindowKey;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ends the leases of silent gateways, window by window. What they held of quotas is unreconciled
 * from then on; slices and permits are free, because what they allowed is over. By the database's
 * clock alone, which also said until when they last.
 */
@Component
class LeaseExpiry {
    private static final int BATCH = 1_000;

    private final Leadership leadership;
    private final LeaseStore store;
    private final TransactionTemplate transactions;
    private final RecallLog recalls;
    private final LeaseProperties properties;

    LeaseExpiry(
            Leadership leadership,
            LeaseStore store,
            @Qualifier("platformTransactions") TransactionTemplate transactions,
            RecallLog recalls,
            LeaseProperties properties) {
        this.leadership = leadership;
        this.store = store;
        this.transactions = transactions;
        this.recalls = recalls;
        this.properties = properties;
    }

    @Scheduled(fixedDelayString = "PT1S")
    void run() {
        if (!leadership.isLeader()) {
            return;
        }
        for (WindowKey window : store.windowsOfTheSilent(BATCH)) {
            transactions.executeWithoutResult(status -> end(window));
        }
        recalls.forgetOlderThan(properties.keepRecalls());
    }

    private void end(WindowKey window) {
        store.lock(window);
        store.endSilent(window);
    }
}
