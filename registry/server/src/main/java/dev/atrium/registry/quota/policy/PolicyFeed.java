package dev.atrium.registry.quota.policy;

import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.feed.FeedPublisher;
import org.springframework.stereotype.Component;

/** Tells gateways of policies, of all but those that the registry itself enforces. */
@Component
class PolicyFeed {
    private final FeedPublisher feed;

    PolicyFeed(FeedPublisher feed) {
        this.feed = feed;
    }

    void publish(Policy policy) {
        if (!concernsCalls(policy)) {
            return;
        }
        feed.publish(
                FeedKind.QUOTA_POLICY,
                policy.id().toString(),
                new FeedPolicy(
                        policy.id(),
                        policy.tenantId(),
                        policy.name(),
                        policy.subject(),
                        policy.unit(),
                        policy.window(),
                        policy.amount(),
                        policy.burst(),
                        policy.mode(),
                        policy.currency()));
    }

    void remove(Policy policy) {
        if (concernsCalls(policy)) {
            feed.remove(FeedKind.QUOTA_POLICY, policy.id().toString());
        }
    }

    private static boolean concernsCalls(Policy policy) {
        return policy.unit() != Unit.STORED_BYTES;
    }
}
