package dev.atrium.gateway.quota;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.registry.Membership;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.OwnRate;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Shares the requests per minute of a key, user or service account between the gateways.
 *
 * <p>A gateway that is alone has the whole limit. Of several each has {@code limit / 20 / gateways}
 * for itself and asks nobody about it; the other 95 % are places (a sliding window) that gateways
 * lease, as of a policy. So only those that call more than a little cost the registry anything, and
 * one that calls a single gateway still has 95 % of its limit there at least.
 *
 * @see "docs/adr/0016-a-minutes-limit.md"
 */
@Component
public class OwnRates {
    private static final int PARTS = 20;
    private static final int SLOWER = 4;

    private final QuotaProperties properties;
    private final LeaseBook book;
    private final Quotas quotas;
    private final Membership membership;
    private final MonotonicClock clock;
    private final ConcurrentHashMap<String, Shared> shared = new ConcurrentHashMap<>();

    OwnRates(
            QuotaProperties properties,
            LeaseBook book,
            Quotas quotas,
            Membership membership,
            MonotonicClock clock) {
        this.properties = properties.renewing(properties.renewInterval().multipliedBy(SLOWER));
        this.book = book;
        this.quotas = quotas;
        this.membership = membership;
        this.clock = clock;
    }

    /** A caller that has outgrown this gateway's own share. */
    private record Shared(FeedPolicy policy, OwnRate rate) {}

    /**
     * What is left of the limit beside the gateway's own share, and of what it holds.
     *
     * @param left that could still be had, as far as this gateway knows
     * @param reset until all of it could be
     */
    public record Rest(long left, Duration reset) {
        private static final Rest NONE = new Rest(0, Duration.ZERO);
    }

    /** How many requests of any minute this gateway may admit without asking. */
    public int share(Caller caller) {
        int gateways = membership.gateways();
        if (gateways == 1) {
            return caller.requestsPerMinute();
        }
        return gateways == 0 ? 0 : caller.requestsPerMinute() / PARTS / gateways;
    }

    /** Beyond the own share. */
    public Mono<Decision> admit(Caller caller, Scheduler eventLoop) {
        Shared known = shared.get(caller.principalKey());
        if (known == null || known.rate.places() != places(caller)) {
            forgetIdle();
            known = shared(caller);
            shared.put(caller.principalKey(), known);
        }
        return quotas.spend(
                book.allowance(known.policy, known.rate, properties, clock.nanos()), eventLoop);
    }

    /** Beyond the own share, too. */
    public Rest rest(Caller caller) {
        if (membership.gateways() == 1) {
            return Rest.NONE;
        }
        Shared known = shared.get(caller.principalKey());
        return known == null
                ? new Rest(places(caller), Duration.ZERO)
                : book.find(known.policy.id())
                        .map(allowance -> rest(allowance, clock.nanos()))
                        .orElseGet(() -> new Rest(places(caller), Duration.ZERO));
    }

    private static Rest rest(Allowance allowance, long now) {
        Standing here = allowance.standing(now);
        Duration reset = here.reset() == null ? Duration.ZERO : here.reset();
        return new Rest((here.isKnown() ? here.left() : 0) + allowance.free(), reset);
    }

    private static long places(Caller caller) {
        return caller.requestsPerMinute() - caller.requestsPerMinute() / PARTS;
    }

    private static Shared shared(Caller caller) {
        long places = places(caller);
        String name = "requests per minute of " + caller.tenantId() + "/" + caller.principalId();
        // Every gateway must come to the same id, and the registry need not be asked for it.
        UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        return new Shared(
                new FeedPolicy(
                        new PolicyId(id),
                        caller.tenantId(),
                        "requests per minute",
                        PolicySubject.TENANT,
                        Unit.REQUESTS,
                        Window.MINUTE,
                        places,
                        places,
                        Mode.HARD,
                        null),
                new OwnRate(caller.tenantId(), caller.principalId(), places));
    }

    /** With those that the book has forgotten. */
    private void forgetIdle() {
        shared.values().removeIf(each -> book.find(each.policy.id()).isEmpty());
    }
}
