package dev.atrium.gateway.quota;

import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.LeaseReply;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Policies, and what a registry says of them, for tests of this package. */
final class TestPolicies {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;
    static final TenantId TENANT = new TenantId(UUID.randomUUID());
    static final Instant HOUR = Instant.parse("2026-01-01T10:00:00Z");
    static final long VALID_MILLIS = 50_000;

    /** Half an hour before the end of the window. */
    static final Instant REGISTRY_TIME = HOUR.plusSeconds(1_800);

    static final QuotaProperties PROPERTIES =
            new QuotaProperties(
                    Duration.ofMillis(250),
                    2,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(10),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(1));

    private TestPolicies() {}

    static FeedPolicy hard(Unit unit, Window window, long amount) {
        return policy(unit, window, amount, null, Mode.HARD);
    }

    static FeedPolicy rate(Unit unit, Window window, long amount, long burst) {
        return policy(unit, window, amount, burst, Mode.HARD);
    }

    static FeedPolicy policy(
            Unit unit, Window window, long amount, @Nullable Long burst, Mode mode) {
        return of(PolicySubject.TENANT, unit, window, amount, burst, mode);
    }

    static FeedPolicy of(
            PolicySubject subject,
            Unit unit,
            Window window,
            long amount,
            @Nullable Long burst,
            Mode mode) {
        return new FeedPolicy(
                new PolicyId(UUID.randomUUID()),
                TENANT,
                "test",
                subject,
                unit,
                window,
                amount,
                burst,
                mode,
                unit == Unit.COST_MICROS ? "EUR" : null);
    }

    /** The same policy as somebody has changed it. */
    static FeedPolicy changed(FeedPolicy policy, long amount, @Nullable Long burst) {
        return new FeedPolicy(
                policy.id(),
                policy.tenantId(),
                policy.name(),
                policy.subject(),
                policy.unit(),
                policy.window(),
                amount,
                burst,
                policy.mode(),
                policy.currency());
    }

    /**
     * @param amount all that was granted so far
     */
    static LeaseState state(
            FeedPolicy policy,
            Instant window,
            @Nullable UUID lease,
            long amount,
            long used,
            long reserved) {
        return new LeaseState(
                policy.id(),
                window,
                policy.window().isQuota() && policy.window() != Window.LIFETIME
                        ? window.plusSeconds(3_600)
                        : null,
                lease,
                amount,
                VALID_MILLIS,
                limit(policy),
                used,
                reserved,
                0);
    }

    private static long limit(FeedPolicy policy) {
        return policy.burst() == null ? policy.amount() : Math.min(1_000, policy.burst());
    }

    static LeaseReply reply(LeaseState... states) {
        return new LeaseReply(REGISTRY_TIME, List.of(states));
    }

    /** Makes this the lease of a policy, with so much granted. */
    static void grant(Allowance allowance, UUID lease, long amount, long now) {
        LeaseState said = state(allowance.policy, HOUR, lease, amount, 0, amount);
        allowance.answered(allowance.apply(said, REGISTRY_TIME, now, now), now);
    }
}
