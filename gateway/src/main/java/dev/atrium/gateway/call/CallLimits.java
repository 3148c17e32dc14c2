package dev.atrium.gateway.call;

import dev.atrium.gateway.admission.Admission;
import dev.atrium.gateway.admission.RateLimiter;
import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.quota.Decision;
import dev.atrium.gateway.quota.OwnRates;
import dev.atrium.gateway.quota.Quotas;
import dev.atrium.gateway.quota.Reservation;
import dev.atrium.gateway.routing.ModelDirectory;
import dev.atrium.gateway.routing.Resolution;
import dev.atrium.gateway.upstream.NodeRequest;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.gateway.web.RefusedException;
import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.RefusingLimit;
import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What one call may use: the key's requests per minute and the policies of its tenant. Says in
 * headers what is left, refuses in words, and gives back what is to be given back when the call
 * ends.
 */
final class CallLimits {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Exchange exchange;
    private final Caller caller;
    private final Duration longest;
    private final RateLimiter limiter;
    private final OwnRates ownRates;
    private final Quotas quotas;
    private final LimitHeaders headers;
    private final ModelDirectory models;
    private volatile @Nullable Price price;
    private volatile Reservation reservation = Reservation.NONE;

    CallLimits(
            Exchange exchange,
            Caller caller,
            Duration longest,
            RateLimiter limiter,
            OwnRates ownRates,
            Quotas quotas,
            ModelDirectory models) {
        this.exchange = exchange;
        this.caller = caller;
        this.longest = longest;
        this.limiter = limiter;
        this.ownRates = ownRates;
        this.quotas = quotas;
        this.models = models;
        this.headers = new LimitHeaders(exchange);
    }

    /** Whether the caller may make one more call of this model now, as policies go. */
    Mono<Resolution.Resolved> admit(Resolution.Resolved target) {
        Price fixed = models.price(caller, target);
        price = fixed;
        Reservation begun = quotas.begin(caller, target.model().name(), fixed);
        if (begun.isEmpty()) {
            return Mono.just(target);
        }
        reservation = begun;
        headers.ofPolicies(() -> quotas.standings(begun));
        return quotas.admit(begun, longest, exchange.eventLoop())
                .doOnNext(this::requireGranted)
                .thenReturn(target);
    }

    /** Takes what the request may need at worst; it comes back with what it may really have. */
    Mono<NodeRequest> reserve(NodeRequest request) {
        Reservation begun = reservation;
        if (begun.isEmpty()) {
            return Mono.just(request);
        }
        return quotas.reserve(begun, request.tokens(), longest, exchange.eventLoop())
                .map(decision -> {
                    requireGranted(decision);
                    return bounded(request, begun.outputTokens());
                });
    }

    private NodeRequest bounded(NodeRequest request, long outputTokens) {
        long asked = request.tokens().output();
        if (outputTokens >= asked) {
            return request;
        }
        long granted = outputTokens;
        if (request.maxOutputTokens() == null) {
            // A node refuses a number that does not fit behind the prompt; nobody asked for one.
            granted = Math.min(granted, Math.max(1, asked - request.tokens().input()));
        }
        exchange.responseHeader("Atrium-Max-Tokens", Long.toString(granted));
        return request.withMaxOutputTokens((int) granted);
    }

    /** Whether the caller may ask once more in this minute, whatever for. */
    <T> Mono<T> admitKey(T target) {
        int share = ownRates.share(caller);
        return switch (limiter.admit(caller, share)) {
            case Admission.Admitted admitted -> {
                sayKey(admitted.remaining(), admitted.reset());
                yield Mono.just(target);
            }
            case Admission.Rejected rejected when share < caller.requestsPerMinute() ->
                    ownRates.admit(caller, exchange.eventLoop())
                            .doOnNext(decision -> requireShared(decision, rejected))
                            .thenReturn(target);
            case Admission.Rejected rejected -> {
                sayKey(0, rejected.reset());
                throw rateLimited(rejected.retryAfter());
            }
        };
    }

    /** Beyond this gateway's own share of the key's limit. */
    private void requireShared(Decision decision, Admission.Rejected own) {
        sayKey(0, own.reset());
        if (decision instanceof Decision.Granted) {
            return;
        }
        Duration wait =
                decision instanceof Decision.Refused refused && refused.retryAfter() != null
                        ? refused.retryAfter()
                        : SOON;
        boolean ownIsNone = own.limit() == 0;
        throw rateLimited(
                ownIsNone || wait.compareTo(own.retryAfter()) < 0 ? wait : own.retryAfter());
    }

    /**
     * @param remaining of this gateway's own share
     */
    private void sayKey(int remaining, Duration reset) {
        OwnRates.Rest rest = ownRates.rest(caller);
        headers.ofKey(
                caller.requestsPerMinute(),
                remaining + rest.left(),
                reset.compareTo(rest.reset()) > 0 ? reset : rest.reset());
    }

    private RefusedException rateLimited(Duration retryAfter) {
        return Refusal.retryable(
                        Refusal.Reason.RATE_LIMITED,
                        "the limit of "
                                + caller.requestsPerMinute()
                                + " requests per minute is reached",
                        retryAfter)
                .by(RefusingLimit.ofCaller(caller.requestsPerMinute()))
                .asException();
    }

    private void requireGranted(Decision decision) {
        switch (decision) {
            case Decision.Granted() -> {}
            case Decision.Refused refused -> throw LimitRefusal.of(refused).asException();
            case Decision.Unreachable unreachable ->
                    throw LimitRefusal.of(unreachable).asException();
            case Decision.Unpriced unpriced -> throw LimitRefusal.of(unpriced).asException();
        }
    }

    /** The longest life of the call. */
    Duration deadline() {
        return reservation.isEmpty() ? longest : reservation.deadline();
    }

    /** From here on the journal answers for what was taken. */
    List<Charge> open(Instant openedAt) {
        return reservation.open(openedAt);
    }

    void rollBack() {
        reservation.rollBack();
    }

    void settle(UsageRecord usage) {
        quotas.settle(reservation, usage);
    }

    /** What the call is paid by, fixed when it was admitted; null where nothing says so. */
    @Nullable Price price() {
        return price;
    }

    /**
     * Says what the call costs while its head has not gone out yet; not where some of it may be
     * free, which is decided when it is posted.
     */
    void sayCost(Consumption used) {
        Price fixed = price;
        if (fixed != null && fixed.units().free() == null) {
            headers.ofCost(fixed.cost(used));
        }
    }

    /** Says what the call took from the grid while its head has not gone out yet. */
    void sayEnergy(@Nullable Energy energy) {
        if (energy != null) {
            headers.ofEnergy(energy);
        }
    }

    /** The end of the call, whatever it was. */
    void end() {
        quotas.end(reservation);
    }
}
