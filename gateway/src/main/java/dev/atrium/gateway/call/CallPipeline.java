package dev.atrium.gateway.call;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.idempotency.KeyedCall;
import dev.atrium.gateway.idempotency.KeyedCalls;
import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.refusal.Refusals;
import dev.atrium.gateway.routing.ChosenReplica;
import dev.atrium.gateway.routing.ReplicaRouter;
import dev.atrium.gateway.routing.Resolution;
import dev.atrium.gateway.upstream.NodeClient;
import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.Preference;
import dev.atrium.registry.api.catalog.ModelVersionId;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The life of a call, in one place. Only memory, the local journal and the chosen node are touched;
 * a caller that names its call by an {@code Idempotency-Key} waits for the registry first.
 *
 * <p>A call ends exactly once: when its answer has gone out, when it failed, or when the client
 * went away, which cancels the subscription, closes the node's connection and so its computation; a
 * call with a key goes on for the client's retry. From there {@link Bookkeeping} has it, whatever
 * becomes of the client's connection afterwards.
 */
@Component
public class CallPipeline {
    private static final Logger LOG = LoggerFactory.getLogger(CallPipeline.class);

    private final Gatekeeper gatekeeper;
    private final KeyedCalls keyedCalls;
    private final Journal journal;
    private final ReplicaRouter router;
    private final NodeClient nodes;
    private final ColdStarts coldStarts;
    private final CallMetrics metrics;
    private final Bookkeeping books;
    private final Drain drain;
    private final Refusals refusals;
    private final Clock clock;
    private final MonotonicClock monotonicClock;

    CallPipeline(
            Gatekeeper gatekeeper,
            KeyedCalls keyedCalls,
            Journal journal,
            ReplicaRouter router,
            NodeClient nodes,
            ColdStarts coldStarts,
            CallMetrics metrics,
            Bookkeeping books,
            Drain drain,
            Refusals refusals,
            Clock clock,
            MonotonicClock monotonicClock) {
        this.gatekeeper = gatekeeper;
        this.keyedCalls = keyedCalls;
        this.journal = journal;
        this.router = router;
        this.nodes = nodes;
        this.coldStarts = coldStarts;
        this.metrics = metrics;
        this.books = books;
        this.drain = drain;
        this.refusals = refusals;
        this.clock = clock;
        this.monotonicClock = monotonicClock;
    }

    /** The life of a call: from credential to settlement. */
    public Mono<Void> serve(Exchange exchange, ProtocolCall protocol) {
        gatekeeper.requireStrength(exchange);
        Caller caller = gatekeeper.authenticate(exchange);
        AskedCall asked = new AskedCall(exchange, caller, protocol.operation(), refusals, clock);
        exchange.whenRefused(asked);
        gatekeeper.requireInvoke(caller);
        KeyedCall keyed = keyedCalls.of(exchange, caller, nodes.deadline());
        gatekeeper.enter();
        CallLimits limits = gatekeeper.limits(exchange, caller, nodes.deadline());
        CallPlace place =
                new CallPlace(account -> {
                    limits.end();
                    gatekeeper.leave();
                    if (keyed != null) {
                        keyed.callOver(account);
                    }
                });
        return Mono.defer(protocol::model)
                .flatMap(reference ->
                        limits.admitKey(
                                asked.of(
                                        gatekeeper.authorise(caller, asked.of(reference)),
                                        protocol)))
                .flatMap(target ->
                        keyed == null
                                ? live(exchange, caller, target, protocol, limits, place)
                                : keyed.once(
                                        protocol.isStream(),
                                        protocol.body(),
                                        Mono.defer(() ->
                                                live(
                                                        exchange, caller, target, protocol, limits,
                                                        place))))
                .doFinally(signal -> place.letGo());
    }

    private Mono<Void> live(
            Exchange exchange,
            Caller caller,
            Resolution.Resolved target,
            ProtocolCall protocol,
            CallLimits limits,
            CallPlace place) {
        return limits.admit(target)
                .flatMap(admitted -> prepare(exchange, caller, admitted, protocol, limits, place))
                .flatMap(call ->
                        settled(
                                call,
                                exchange,
                                journalOpen(call, exchange)
                                        .then(
                                                Mono.defer(
                                                        () -> forward(call, exchange, protocol)))));
    }

    private Mono<LiveCall> prepare(
            Exchange exchange,
            Caller caller,
            Resolution.Resolved target,
            ProtocolCall protocol,
            CallLimits limits,
            CallPlace place) {
        exchange.note("model", target.model().name() + ":" + target.version().number());
        String label = CallLabel.of(exchange, caller);
        return protocol.nodeRequest(target.model(), target.version())
                .flatMap(limits::reserve)
                .map(request ->
                        new LiveCall(
                                exchange.id(),
                                caller,
                                target,
                                protocol.operation(target.model()),
                                request,
                                clock.instant(),
                                limits,
                                place,
                                label,
                                monotonicClock));
    }

    /** Goes on with the call on its connection's own thread once the journal has it. */
    private Mono<Void> journalOpen(LiveCall call, Exchange exchange) {
        return journal.open(call.opening(), exchange.loop());
    }

    /** Whatever ends the call, its account goes to the journal. */
    private Mono<Void> settled(LiveCall call, Exchange exchange, Mono<Void> life) {
        return drain.watch(life)
                .doOnSuccess(done -> books.answered(call, exchange))
                .onErrorMap(failure -> books.failed(call, exchange, failure))
                .doOnCancel(() -> books.abandoned(call, exchange));
    }

    private Mono<Void> forward(LiveCall call, Exchange exchange, ProtocolCall protocol) {
        // The ledger tells of it now.
        exchange.whenRefused(null);
        return router.first(versionOf(call))
                .map(chosen -> attempt(call, exchange, protocol, chosen))
                .orElseGet(() -> Mono.error(CallEnding.NO_REPLICA.asException()));
    }

    private Mono<Void> attempt(
            LiveCall call, Exchange exchange, ProtocolCall protocol, ChosenReplica chosen) {
        if (call.isCold(chosen.replica())) {
            return waitingAttempt(call, exchange, protocol, chosen);
        }
        return attempt(call, exchange, protocol, chosen, Duration.ZERO, () -> {});
    }

    /** May wait at the node until the model is loaded, if the caller prefers that. */
    private Mono<Void> waitingAttempt(
            LiveCall call, Exchange exchange, ProtocolCall protocol, ChosenReplica chosen) {
        Duration wait = Preference.wait(exchange.headers(NodeProtocol.WAIT_HEADER));
        ColdStarts.Place waiting =
                wait.isZero()
                        ? null
                        : coldStarts
                                .tryEnter(call.tenant(), call.request().body().length)
                                .orElse(null);
        return waiting == null
                ? attempt(call, exchange, protocol, chosen, Duration.ZERO, () -> {})
                : attempt(call, exchange, protocol, chosen, wait, waiting::leave)
                        .doFinally(signal -> waiting.leave());
    }

    private Mono<Void> attempt(
            LiveCall call,
            Exchange exchange,
            ProtocolCall protocol,
            ChosenReplica chosen,
            Duration wait,
            Runnable whenAnswered) {
        return nodes.send(
                        chosen.replica(),
                        call.beginAttempt(chosen.replica(), clock.instant()),
                        call.request(),
                        call.timeLeft(),
                        wait,
                        exchange.loop(),
                        answer -> {
                            whenAnswered.run();
                            return protocol.answer(answer, call);
                        })
                .doOnSuccess(done -> chosen.succeeded())
                .doOnError(failure -> report(chosen, failure))
                .doOnCancel(chosen::abandoned)
                .onErrorResume(
                        failure -> mayTryAgain(call, chosen, failure),
                        failure -> attemptAgain(call, exchange, protocol, chosen, failure));
    }

    private static boolean mayTryAgain(LiveCall call, ChosenReplica chosen, Throwable failure) {
        if (CallEnding.isLoading(failure) && call.isCold(chosen.replica())) {
            // It is as it was expected, and one replica that loads is enough.
            return false;
        }
        return !call.isAnswering() && !call.isOver() && CallEnding.isRepeatable(failure);
    }

    private Mono<Void> attemptAgain(
            LiveCall call,
            Exchange exchange,
            ProtocolCall protocol,
            ChosenReplica failed,
            Throwable failure) {
        metrics.attemptFailed(failure);
        if (CallEnding.isLoading(failure)) {
            call.isLoading();
        }
        call.attemptFailed(failed.replica());
        Optional<ChosenReplica> next =
                router.next(versionOf(call), call.attempts(), call.failedPlacements());
        LOG.warn(
                "call {} attempt {} on node {}: {}{}",
                call.id(),
                call.attempts(),
                failed.replica().nodeId(),
                failure.getMessage(),
                next.isPresent() ? "; trying again" : "");
        return next.map(chosen -> attempt(call, exchange, protocol, chosen))
                .orElseGet(() -> Mono.error(failure));
    }

    private static void report(ChosenReplica chosen, Throwable failure) {
        if (CallEnding.isNodeHealthy(failure)) {
            chosen.succeeded();
        } else if (failure instanceof NodeFailure) {
            chosen.failed();
        } else {
            chosen.abandoned();
        }
    }

    private static ModelVersionId versionOf(LiveCall call) {
        return call.target().version().id();
    }
}
