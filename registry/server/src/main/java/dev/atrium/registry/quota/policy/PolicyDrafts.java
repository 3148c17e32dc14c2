package dev.atrium.registry.quota.policy;

import dev.atrium.registry.api.quota.CreatePolicy;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.PlanOrigin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.UpdatePolicy;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.pricing.TenantPrices;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What a policy would be by somebody's wish, or why it cannot be. */
@Component
class PolicyDrafts {
    private static final PolicyId GIVEN_BY_DATABASE = new PolicyId(new UUID(0, 0));

    private final TenantPrices prices;
    private final Clock clock;

    PolicyDrafts(TenantPrices prices, Clock clock) {
        this.prices = prices;
        this.clock = clock;
    }

    /** With every default filled in; not there yet. */
    Policy checked(
            TenantId tenant,
            Origin origin,
            Caller caller,
            CreatePolicy wish,
            @Nullable PlanOrigin plan) {
        PolicySubject subject = wish.subject() == null ? PolicySubject.TENANT : wish.subject();
        PolicyRules.fits(wish.unit(), wish.window());
        PolicyRules.fits(wish.unit(), subject);
        long amount = PolicyRules.amount(wish.amount());
        Instant now = now();
        return new Policy(
                GIVEN_BY_DATABASE,
                tenant,
                PolicyRules.name(wish.name()),
                subject,
                wish.unit(),
                wish.window(),
                amount,
                PolicyRules.burst(wish.window(), wish.burst(), amount),
                PolicyRules.mode(wish.window(), wish.mode()),
                PolicyRules.warnPercent(wish.warnPercent()),
                origin,
                caller.actor(),
                now,
                now,
                0,
                wish.unit() == Unit.COST_MICROS ? currencyOf(tenant) : null,
                plan);
    }

    String currencyOf(TenantId tenant) {
        return prices.currencyOf(tenant)
                .orElseThrow(() ->
                        new InvalidRequestException(
                                "'unit' is COST_MICROS, but no price list is meant for this tenant"
                                        + " and so nothing has a price; make one first"));
    }

    Policy changed(Policy present, UpdatePolicy wish) {
        long amount = wish.amount() == null ? present.amount() : PolicyRules.amount(wish.amount());
        return new Policy(
                present.id(),
                present.tenantId(),
                wish.name() == null ? present.name() : PolicyRules.name(wish.name()),
                present.subject(),
                present.unit(),
                present.window(),
                amount,
                burst(present, wish, amount),
                wish.mode() == null
                        ? present.mode()
                        : PolicyRules.mode(present.window(), wish.mode()),
                wish.warnPercent() == null
                        ? present.warnPercent()
                        : PolicyRules.warnPercent(wish.warnPercent()),
                present.origin(),
                present.createdBy(),
                present.createdAt(),
                now(),
                present.revision(),
                present.currency(),
                present.plan());
    }

    /** A sliding window stays one when its amount alone is changed. */
    private static @Nullable Long burst(Policy present, UpdatePolicy wish, long amount) {
        Long former = present.burst();
        boolean slides = former != null && former == Math.max(1, present.amount());
        return wish.burst() == null && !slides
                ? former
                : PolicyRules.burst(present.window(), wish.burst(), amount);
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
