package dev.atrium.registry.quota.policy;

import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.CreatePolicy;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.PlanOrigin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.UpdatePolicy;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.feed.FeedPublisher;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import dev.atrium.registry.pricing.TenantPrices;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Makes, changes and deletes the policies of the tenant in scope, for its owners and, by the same
 * rules, for the platform.
 */
@Service
@Transactional
public class PolicyService {
    private static final PolicyId GIVEN_BY_DATABASE = new PolicyId(new UUID(0, 0));

    private final PolicyStore policies;
    private final Subjects subjects;
    private final FeedPublisher feed;
    private final AuditLog audit;
    private final Paging paging;
    private final TenantPrices prices;
    private final PolicyProperties properties;
    private final Clock clock;

    PolicyService(
            PolicyStore policies,
            Subjects subjects,
            FeedPublisher feed,
            AuditLog audit,
            Paging paging,
            TenantPrices prices,
            PolicyProperties properties,
            Clock clock) {
        this.policies = policies;
        this.subjects = subjects;
        this.feed = feed;
        this.audit = audit;
        this.paging = paging;
        this.prices = prices;
        this.properties = properties;
        this.clock = clock;
    }

    public Policy create(TenantId tenant, Origin origin, Caller caller, CreatePolicy wish) {
        return insert(checked(tenant, origin, caller, wish, null));
    }

    /** As {@link #create}, by the platform; the policy remembers the plan. */
    public Policy createOfPlan(TenantId tenant, PlanOrigin plan, Caller caller, CreatePolicy wish) {
        return insert(checked(tenant, Origin.PLATFORM, caller, wish, plan));
    }

    /** Until the transaction ends nobody else makes a policy of this tenant. */
    public void lock(TenantId tenant) {
        policies.countExclusively(tenant);
    }

    /** Those that were made from plans, the oldest first. */
    @Transactional(readOnly = true)
    public List<Policy> ofPlans(TenantId tenant) {
        return policies.ofPlans(tenant);
    }

    private Policy insert(Policy checked) {
        TenantId tenant = checked.tenantId();
        subjects.require(tenant, checked.subject());
        if (policies.countExclusively(tenant) >= properties.maxPerTenant()) {
            throw PolicyConflictException.tooMany(properties.maxPerTenant());
        }
        Policy made = policies.insert(checked);
        publish(made);
        audit.record("quota_policy.created", subjectOf(made), describe(made));
        return made;
    }

    private Policy checked(
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

    private String currencyOf(TenantId tenant) {
        return prices.currencyOf(tenant)
                .orElseThrow(() ->
                        new InvalidRequestException(
                                "'unit' is COST_MICROS, but no price list is meant for this tenant"
                                        + " and so nothing has a price; make one first"));
    }

    /** Newest first, set by whom ever. */
    @Transactional(readOnly = true)
    public Page<Policy> list(TenantId tenant, PageRequest request) {
        Window window = paging.window("quota-policies", request);
        return paging.page(
                window,
                policies.below(tenant, window.below(), window.fetch()),
                policy -> policy.id().toString(),
                policy -> policy);
    }

    @Transactional(readOnly = true)
    public Policy get(TenantId tenant, PolicyId id) {
        return policies.find(tenant, id).orElseThrow(PolicyNotFoundException::new);
    }

    /**
     * @param as {@link Origin#TENANT} may not change what the platform set
     */
    public Policy update(TenantId tenant, Origin as, PolicyId id, UpdatePolicy wish) {
        Policy present = changeable(tenant, as, id);
        if (present.revision() != wish.revision()) {
            throw PolicyConflictException.otherRevision(wish.revision(), present.revision());
        }
        Policy changed = policies.update(changed(present, wish));
        publish(changed);
        audit.record(
                "quota_policy.changed",
                subjectOf(changed),
                describe(present) + " -> " + describe(changed));
        return changed;
    }

    private Policy changed(Policy present, UpdatePolicy wish) {
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

    /** What was counted stays; nothing is refused by it any more. */
    public void delete(TenantId tenant, Origin as, PolicyId id) {
        Policy present = changeable(tenant, as, id);
        policies.delete(tenant, id, now());
        if (concernsCalls(present)) {
            feed.remove(FeedKind.QUOTA_POLICY, id.toString());
        }
        audit.record("quota_policy.deleted", subjectOf(present), describe(present));
    }

    private Policy changeable(TenantId tenant, Origin as, PolicyId id) {
        Policy present =
                policies.findForUpdate(tenant, id).orElseThrow(PolicyNotFoundException::new);
        if (as == Origin.TENANT && present.origin() == Origin.PLATFORM) {
            throw new PlatformPolicyException();
        }
        return present;
    }

    /** Gateways enforce all but what the registry itself does. */
    private static boolean concernsCalls(Policy policy) {
        return policy.unit() != Unit.STORED_BYTES;
    }

    private void publish(Policy policy) {
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

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static String subjectOf(Policy policy) {
        return "quota_policy:" + policy.id();
    }

    private static String describe(Policy policy) {
        return "%s: %d %s per %s%s, %s"
                .formatted(
                        policy.name(),
                        policy.amount(),
                        policy.currency() == null
                                ? policy.unit()
                                : policy.unit() + " " + policy.currency(),
                        policy.window(),
                        policy.burst() == null ? "" : ", burst " + policy.burst(),
                        policy.mode());
    }
}
