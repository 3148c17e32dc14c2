package dev.atrium.gateway.call;

import dev.atrium.gateway.admission.InFlightCalls;
import dev.atrium.gateway.admission.Overload;
import dev.atrium.gateway.admission.RateLimiter;
import dev.atrium.gateway.authentication.Authentication;
import dev.atrium.gateway.authentication.Authenticator;
import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.quota.OwnRates;
import dev.atrium.gateway.quota.Quotas;
import dev.atrium.gateway.routing.ModelDirectory;
import dev.atrium.gateway.routing.ModelReference;
import dev.atrium.gateway.routing.Resolution;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.gateway.web.RefusedException;
import dev.atrium.registry.api.identity.Scope;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The checks before a call costs anything, each ending in what was asked for or in a refusal. */
@Component
public class Gatekeeper {
    private final Authenticator authenticator;
    private final ModelDirectory models;
    private final RateLimiter limiter;
    private final InFlightCalls inFlight;
    private final Overload overload;
    private final MeterRegistry meters;
    private final Quotas quotas;
    private final OwnRates ownRates;

    Gatekeeper(
            Authenticator authenticator,
            ModelDirectory models,
            RateLimiter limiter,
            InFlightCalls inFlight,
            Overload overload,
            MeterRegistry meters,
            Quotas quotas,
            OwnRates ownRates) {
        this.authenticator = authenticator;
        this.models = models;
        this.limiter = limiter;
        this.inFlight = inFlight;
        this.overload = overload;
        this.meters = meters;
        this.quotas = quotas;
        this.ownRates = ownRates;
    }

    /** Before anything else is done: refusing must stay cheap when everything is dear. */
    void requireStrength(Exchange exchange) {
        switch (overload.on(exchange.eventLoop())) {
            case NONE -> {}
            case HEAP -> throw overloaded("heap", "the gateway is short of memory; try again");
            case EVENT_LOOP -> throw overloaded("event_loop", "the gateway is too busy; try again");
        }
    }

    private RefusedException overloaded(String reason, String message) {
        meters.counter("atrium.gateway.shed", "reason", reason).increment();
        return Refusal.retryable(Refusal.Reason.OVERLOADED, message, Duration.ofSeconds(1))
                .asException();
    }

    public Caller authenticate(Exchange exchange) {
        Authentication answer =
                authenticator.authenticate(
                        exchange.header("Authorization"), exchange.clientAddress());
        return switch (answer) {
            case Authentication.Authenticated(Caller caller) -> {
                exchange.note("tenant", caller.tenantSlug());
                exchange.note("principal", caller.principalId());
                yield caller;
            }
            case Authentication.Missing() ->
                    throw Refusal.of(
                                    Refusal.Reason.CREDENTIAL_MISSING,
                                    "no credential; send Authorization: Bearer with an API key or"
                                            + " an access token")
                            .asException();
            case Authentication.Invalid() ->
                    throw Refusal.of(
                                    Refusal.Reason.CREDENTIAL_INVALID,
                                    "the API key or access token is not valid")
                            .asException();
            case Authentication.Throttled(Duration wait) ->
                    throw Refusal.retryable(
                                    Refusal.Reason.TOO_MANY_FAILURES,
                                    "too many wrong credentials from this address",
                                    wait)
                            .asException();
            case Authentication.Unavailable() ->
                    throw Refusal.retryable(
                                    Refusal.Reason.UNAVAILABLE,
                                    "the gateway has lost its control plane; try again in a moment",
                                    Duration.ofSeconds(5))
                            .asException();
        };
    }

    public void requireInvoke(Caller caller) {
        if (!caller.has(Scope.INFERENCE_INVOKE)) {
            throw Refusal.missingScope(Scope.INFERENCE_INVOKE.wireName()).asException();
        }
    }

    public void requireRead(Caller caller) {
        if (!caller.has(Scope.MODELS_READ) && !caller.has(Scope.INFERENCE_INVOKE)) {
            throw Refusal.missingScope(Scope.MODELS_READ.wireName()).asException();
        }
    }

    public void requireUsageRead(Caller caller) {
        if (!caller.has(Scope.USAGE_READ)) {
            throw Refusal.missingScope(Scope.USAGE_READ.wireName()).asException();
        }
    }

    /**
     * For what is no call of a model but costs somebody something.
     *
     * @return the caller, once it may
     */
    public Mono<Caller> countRequest(Exchange exchange, Caller caller) {
        return limits(exchange, caller, Duration.ZERO).admitKey(caller);
    }

    /** The version that serves this name for this caller; deployed, though not READY for sure. */
    public Resolution.Resolved authorise(Caller caller, ModelReference reference) {
        return switch (models.resolve(caller, reference)) {
            case Resolution.Resolved resolved -> resolved;
            case Resolution.NotFound() -> throw notFound(reference).asException();
            case Resolution.NotAllowed(var model) ->
                    throw Refusal.about(
                                    Refusal.Reason.MODEL_NOT_ALLOWED,
                                    "this API key may not use the model " + model.name(),
                                    "model")
                            .asException();
            case Resolution.NotDeployed(var model) -> throw CallEnding.NO_REPLICA.asException();
        };
    }

    /** What this call may use of its caller's limits; to be ended with it. */
    CallLimits limits(Exchange exchange, Caller caller, Duration deadline) {
        return new CallLimits(exchange, caller, deadline, limiter, ownRates, quotas, models);
    }

    /** Takes one of the gateway's places; given back with {@link #leave}. */
    void enter() {
        if (!inFlight.tryEnter()) {
            throw overloaded("in_flight", "the gateway serves as many calls as it can; try again");
        }
    }

    void leave() {
        inFlight.leave();
    }

    /** The same words whether the model is absent or another tenant's. */
    private static Refusal notFound(ModelReference reference) {
        String version = reference.version() == null ? "" : " in version " + reference.version();
        return Refusal.about(
                Refusal.Reason.MODEL_NOT_FOUND,
                "the model '"
                        + Exchange.printable(reference.name() + version)
                        + "' does not exist or you have no access to it",
                "model");
    }
}
