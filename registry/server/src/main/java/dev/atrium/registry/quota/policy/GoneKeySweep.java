package dev.atrium.registry.quota.policy;

import dev.atrium.registry.leader.Leadership;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Takes away what plans made for keys that were revoked or have expired, which needs no limit any
 * more and makes room for others.
 */
@Component
class GoneKeySweep {
    private static final int BATCH = 1_000;

    private final EachPolicyStore policies;
    private final PolicyFeed feed;
    private final PolicyDrafts drafts;
    private final Leadership leadership;

    GoneKeySweep(
            EachPolicyStore policies, PolicyFeed feed, PolicyDrafts drafts, Leadership leadership) {
        this.policies = policies;
        this.feed = feed;
        this.drafts = drafts;
        this.leadership = leadership;
    }

    @Scheduled(initialDelayString = "PT1M", fixedDelayString = "PT1M")
    @Transactional("platformTransactionManager")
    public void sweep() {
        if (leadership.isLeader()) {
            policies.deleteOfGoneKeys(drafts.now(), BATCH).forEach(feed::remove);
        }
    }
}
