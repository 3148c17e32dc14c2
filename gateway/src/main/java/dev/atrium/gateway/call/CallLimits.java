package dev.atrium.gateway.call;

import dev.atrium.gateway.admission.Admission;
import dev.atrium.gateway.admission.RateLimiter;
import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.quota.Decision;
import dev.atrium.gateway.quota.Quotas;
import dev.atrium.gateway.quota.Reservation;
import dev.atrium.gateway.routing.ModelDirectory;
import dev.atrium.gateway.routing.Resolution;
import dev.atrium.gateway.upstream.NodeRequest;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Refusal;
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
    private final Exchange exchange;
    private final Caller caller;
    private final Duration longest;
    private final RateLimiter limiter;
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
            Quotas quotas,
            ModelDirectory models) {
        this.exchange = exchange;
        this.caller = caller;
        this.longest = longest;
        this.limiter = limiter;
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
    Resolution.Resolved admitKey(Resolution.Resolved target) {
        admitKey();
        return target;
    }

    /** The limit of the key alone. */
    void admitKey() {
        switch (limiter.admit(caller)) {
            case Admission.Admitted(int limit, int remaining, Duration reset) ->
                    headers.ofKey(limit, remaining, reset);
            case Admission.Rejected(int limit, Duration retryAfter, Duration reset) -> {
                headers.ofKey(limit, 0, reset);
                throw Refusal.retryable(
                                Refusal.Reason.RATE_LIMITED,
                                "the limit of " + limit + " requests per minute is reached",
                                retryAfter)
                        .by(RefusingLimit.ofCaller(limit))
                        .asException();
            }
        }
    }

    private void requireGranted(Decision decision) {
        headers.ofPolicies(quotas.standings(reservation));
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

    /** Says what the call costs while its head has not gone out yet. */
    void sayCost(Consumption used) {
        Price fixed = price;
        if (fixed != null) {
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
