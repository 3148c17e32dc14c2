package dev.atrium.registry.idempotency;

import dev.atrium.registry.leader.Leadership;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Removes keys and replies whose time is over. Not at once: by its turn a key that there still is
 * tells claims that come late from others.
 */
@Component
class KeyExpiry {
    private static final Logger log = LoggerFactory.getLogger(KeyExpiry.class);

    /** Replies may be long: each batch is a transaction of its own, and a run has an end. */
    private static final int BATCH = 500;

    private static final int BATCHES = 200;

    private final Leadership leadership;
    private final JdbcClient platform;

    KeyExpiry(Leadership leadership, @Qualifier("platformJdbc") JdbcClient platform) {
        this.leadership = leadership;
        this.platform = platform;
    }

    @Scheduled(initialDelayString = "PT1M", fixedDelayString = "PT1M")
    void run() {
        if (!leadership.isLeader()) {
            return;
        }
        int removed = 0;
        int count = BATCH;
        for (int i = 0; i < BATCHES && count == BATCH; i++) {
            count = removeBatch();
            removed += count;
        }
        if (removed > 0) {
            log.debug("removed {} idempotency keys", removed);
        }
    }

    int removeBatch() {
        return platform.sql(
                        """
                        DELETE FROM idempotency_key WHERE (tenant_id, key_mac) IN (
                            SELECT tenant_id, key_mac FROM idempotency_key
                            WHERE expires_at <= now() - interval '5 minutes'
                            ORDER BY expires_at LIMIT ?)
                          AND expires_at <= now() - interval '5 minutes'
                        """)
                .param(BATCH)
                .update();
    }
}
