package dev.atrium.gateway.quota;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.feed.Feed;
import dev.atrium.gateway.feed.TenantPolicies;
import dev.atrium.gateway.upstream.TokenBounds;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Decides by the tenant's policies whether a call may go on, and holds what it takes.
 *
 * <p>Policies are taken in the order of their ids, all or none, so two calls never wait for each
 * other. A call goes on at once when everything is here; else it waits, once and for a bounded
 * time, for what the registry can find.
 */
@Component
public class Quotas {
    private final QuotaProperties properties;
    private final Feed feed;
    private final LeaseBook book;
    private final Leases leases;
    private final MonotonicClock clock;

    Quotas(
            QuotaProperties properties,
            Feed feed,
            LeaseBook book,
            Leases leases,
            MonotonicClock clock) {
        this.properties = properties;
        this.feed = feed;
        this.book = book;
        this.leases = leases;
        this.clock = clock;
    }

    /**
     * The policies that apply to a call; nothing is taken yet.
     *
     * @param price what the call is paid by; null where it has none
     */
    public Reservation begin(Caller caller, ModelName model, @Nullable Price price) {
        TenantPolicies ofTenant = feed.snapshot().policies(caller.tenantId());
        if (ofTenant.isEmpty()) {
            return Reservation.NONE;
        }
        List<FeedPolicy> covering =
                ofTenant.covering(caller.projectId(), caller.principalId(), model);
        if (covering.isEmpty()) {
            return Reservation.NONE;
        }
        long now = clock.nanos();
        List<Allowance> applicable = new ArrayList<>(covering.size());
        for (FeedPolicy policy : covering) {
            applicable.add(book.allowance(policy, now));
        }
        return new Reservation(
                List.copyOf(applicable), price, now + properties.longestWait().toNanos());
    }

    /**
     * Takes what does not depend on the request: rates of calls and of compute time, permits.
     *
     * @param eventLoop where the call goes on after waiting
     */
    public Mono<Decision> admit(Reservation reservation, Duration deadline, Scheduler eventLoop) {
        Demand demand = demand(reservation, TokenBounds.NONE, deadline);
        return takeAll(reservation, needs(reservation, demand, Quotas::isKnownEarly), eventLoop);
    }

    /** Takes the worst case of the request. */
    public Mono<Decision> reserve(
            Reservation reservation, TokenBounds tokens, Duration deadline, Scheduler eventLoop) {
        Allowance unpriced = unpriced(reservation);
        if (unpriced != null) {
            unpriced.countRefusal();
            return Mono.just(new Decision.Unpriced(unpriced.standing(clock.nanos())));
        }
        Demand demand = demand(reservation, tokens, deadline);
        Predicate<FeedPolicy> late = policy -> !isKnownEarly(policy);
        return takeAll(reservation, needs(reservation, demand, late), eventLoop)
                .doOnNext(decision -> fit(reservation, decision, demand));
    }

    private Demand demand(Reservation reservation, TokenBounds tokens, Duration deadline) {
        return new Demand(
                tokens,
                deadline.toMillis(),
                properties.leastCompute().toMillis(),
                reservation.price());
    }

    /**
     * A budget that cannot tell what the call will cost; where it is hard, the call must not go on.
     */
    private static @Nullable Allowance unpriced(Reservation reservation) {
        Allowance hard = null;
        for (Allowance allowance : reservation.allowances()) {
            if (!Demand.isPriced(allowance.policy, reservation.price())) {
                switch (allowance.policy.mode()) {
                    case HARD -> hard = hard == null ? allowance : hard;
                    case DRY_RUN -> allowance.countRefusal();
                    case SOFT -> {}
                }
            }
        }
        return hard;
    }

    private static boolean isKnownEarly(FeedPolicy policy) {
        return policy.window() == Window.NONE
                || (policy.window().isRate()
                        && (policy.unit() == Unit.REQUESTS
                                || policy.unit() == Unit.COMPUTE_MILLIS));
    }

    /** Takes one of a rate for good, whatever becomes of the call. */
    Mono<Decision> spend(Allowance rate, Scheduler eventLoop) {
        Reservation one =
                new Reservation(
                        List.of(rate), null, clock.nanos() + properties.longestWait().toNanos());
        return takeAll(one, List.of(new Need(rate, 1, 1, 1)), eventLoop)
                .doOnNext(decision -> one.spend(clock.nanos()))
                .doOnCancel(() -> one.end(clock.nanos()));
    }

    /**
     * One policy that a call needs something of.
     *
     * @param ofUse with so much a hard policy would let it go on; for a dry run less than the least
     *     where it would be made smaller for that
     */
    private record Need(Allowance allowance, long least, long most, long ofUse) {
        boolean isDryRun() {
            return allowance.policy.mode() == Mode.DRY_RUN;
        }
    }

    private List<Need> needs(
            Reservation reservation, Demand demand, Predicate<FeedPolicy> condition) {
        List<Need> needs = new ArrayList<>(reservation.allowances().size());
        for (Allowance allowance : reservation.allowances()) {
            FeedPolicy policy = allowance.policy;
            long most = demand.worst(policy);
            if (!condition.test(policy) || most == 0) {
                continue;
            }
            if (policy.mode() == Mode.SOFT) {
                watch(allowance);
            } else {
                // A shorter answer than it would have been without a dry run is no dry run.
                boolean whole = policy.mode() == Mode.DRY_RUN;
                long ofUse = demand.least(policy);
                needs.add(new Need(allowance, whole ? most : ofUse, most, ofUse));
            }
        }
        return needs;
    }

    /** Nothing is taken of a soft policy, but people want to see where it stands. */
    private void watch(Allowance allowance) {
        if (!allowance.hasFreshState(properties.renewInterval(), clock.nanos())) {
            allowance.wantState();
        }
    }

    private Mono<Decision> takeAll(Reservation reservation, List<Need> needs, Scheduler eventLoop) {
        for (int i = 0; i < needs.size(); i++) {
            Need need = needs.get(i);
            Decision decision = takeNow(reservation, need);
            if (decision == null) {
                List<Need> rest = needs.subList(i + 1, needs.size());
                foresee(reservation, rest);
                return await(reservation, need, eventLoop)
                        .map(answer -> concluded(reservation, need, answer))
                        .flatMap(answer ->
                                answer instanceof Decision.Granted
                                        ? takeAll(reservation, rest, eventLoop)
                                        : Mono.just(answer));
            }
            Decision concluded = concluded(reservation, need, decision);
            if (!(concluded instanceof Decision.Granted)) {
                return Mono.just(concluded);
            }
        }
        return Mono.just(Decision.GRANTED);
    }

    /** What the call needs beside what it is about to wait for. */
    private static void foresee(Reservation reservation, List<Need> rest) {
        rest.forEach(need -> need.allowance.foresee(need.most));
        for (Allowance allowance : reservation.allowances()) {
            if (allowance.policy.window().isQuota() && allowance.policy.mode() != Mode.SOFT) {
                allowance.foresee(0);
            }
        }
    }

    /** A dry run never keeps a call from going on. */
    private Decision concluded(Reservation reservation, Need need, Decision decision) {
        if (need.isDryRun()) {
            if (decision instanceof Decision.Refused refused
                    && !wouldShorten(reservation, need, refused)) {
                need.allowance.countRefusal();
                reservation.wouldHaveRefused(need.allowance);
            }
            return Decision.GRANTED;
        }
        if (decision instanceof Decision.Refused) {
            need.allowance.countRefusal();
        }
        return decision;
    }

    /**
     * Whether a hard policy would not refuse the call but make it smaller. It would use up what is
     * left: a rate counts on with that. A total is charged for the whole call without a lease, as
     * no call is charged more than it took, so what is here goes back.
     */
    private boolean wouldShorten(Reservation reservation, Need need, Decision.Refused refused) {
        if (need.ofUse == need.least) {
            return false;
        }
        long now = clock.nanos();
        if (need.allowance.policy.window().isRate()) {
            Take rest = need.allowance.take(need.ofUse, need.most, now);
            if (rest != null) {
                keep(reservation, rest, now);
            }
            return rest != null;
        }
        boolean isEnough = refused.standing().left() >= need.ofUse;
        if (isEnough) {
            need.allowance.giveEverythingBack(now);
        }
        return isEnough;
    }

    private static void keep(Reservation reservation, Take take, long now) {
        if (!reservation.add(take)) {
            take.allowance().release(take, now);
        }
    }

    /**
     * @return null when only the registry can tell
     */
    private @Nullable Decision takeNow(Reservation reservation, Need need) {
        long now = clock.nanos();
        Allowance allowance = need.allowance;
        if (allowance.policy.amount() == 0) {
            return allowance.refusal(need.least, now);
        }
        Take take = allowance.take(need.least, need.most, now);
        if (take != null) {
            keep(reservation, take, now);
            if (allowance.isLow(now)) {
                book.wake();
            }
            return Decision.GRANTED;
        }
        if (allowance.isUnreachable(now)) {
            return new Decision.Unreachable(allowance.standing(now));
        }
        boolean askedInVain =
                allowance.isShort(need.least, now) || allowance.lacking(need.least, now) == 0;
        return askedInVain ? allowance.refusal(need.least, now) : null;
    }

    private Mono<Decision> await(Reservation reservation, Need need, Scheduler eventLoop) {
        Duration left = Duration.ofNanos(Math.max(1, reservation.waitUntil() - clock.nanos()));
        return Mono.<Decision>create(
                        sink -> {
                            Waiter waiter = new Waiter(need.least, need.most, reservation, sink);
                            sink.onDispose(waiter::giveUp);
                            if (need.allowance.await(waiter)) {
                                book.wake();
                            } else {
                                waiter.end(unreachable(need));
                            }
                        })
                .timeout(left, Mono.fromSupplier(() -> waitedTooLong(need)), eventLoop)
                .publishOn(eventLoop);
    }

    private Decision waitedTooLong(Need need) {
        long now = clock.nanos();
        return need.allowance.hasFreshState(properties.longestWait().multipliedBy(4), now)
                ? need.allowance.refusal(need.least, now)
                : unreachable(need);
    }

    private Decision unreachable(Need need) {
        return new Decision.Unreachable(need.allowance.standing(clock.nanos()));
    }

    private void fit(Reservation reservation, Decision decision, Demand demand) {
        if (decision instanceof Decision.Granted && !reservation.isEmpty()) {
            reservation.fit(demand.fitted(reservation), clock.nanos());
        }
    }

    /** Where the hard policies of a call stand. */
    public List<Standing> standings(Reservation reservation) {
        return reservation.isEmpty() ? List.of() : reservation.standings(clock.nanos());
    }

    /**
     * Where every policy stands that could apply to calls of this caller; asks the registry, unless
     * that was just done or it does not answer in time.
     */
    public Mono<List<Standing>> standings(Caller caller, Scheduler eventLoop) {
        long now = clock.nanos();
        List<Allowance> own =
                feed
                        .snapshot()
                        .policies(caller.tenantId())
                        .concerning(caller.projectId(), caller.principalId())
                        .stream()
                        .map(policy -> book.allowance(policy, now))
                        .toList();
        List<Allowance> stale =
                own.stream()
                        .filter(each -> !each.hasFreshState(properties.limitsCache(), now))
                        .toList();
        Mono<List<Standing>> answer =
                Mono.fromSupplier(
                        () -> own.stream().map(each -> each.standing(clock.nanos())).toList());
        return stale.isEmpty()
                ? answer
                : leases.refreshed(stale)
                        .timeout(properties.longestWait(), Mono.empty(), eventLoop)
                        .publishOn(eventLoop)
                        .then(answer);
    }

    /** Calls that hold something of a policy now. */
    public long open() {
        return book.all().stream().mapToLong(Allowance::open).sum();
    }

    /** What the call really used, once it is known. */
    public void settle(Reservation reservation, UsageRecord usage) {
        if (!reservation.isEmpty()) {
            reservation.settle(usage.consumption(), clock.nanos());
        }
    }

    /** The end of the call, whatever it was. */
    public void end(Reservation reservation) {
        if (!reservation.isEmpty()) {
            reservation.end(clock.nanos());
        }
    }
}
