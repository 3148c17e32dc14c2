package dev.atrium.gateway.call;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.metering.JournalException;
import dev.atrium.gateway.routing.ChosenReplica;
import dev.atrium.gateway.routing.ReplicaRouter;
import dev.atrium.gateway.routing.Resolution;
import dev.atrium.gateway.upstream.NodeClient;
import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.usage.Outcome;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The life of a call, in one place. Only memory, the local journal and the chosen node are touched.
 *
 * <p>A call is settled exactly once: when its answer has gone out, when it failed, or when the
 * client went away, which cancels the subscription, closes the node's connection and so its
 * computation. The journal takes the settlement over at once, whatever becomes of the connection
 * afterwards.
 */
@Component
public class CallPipeline {
    private static final Logger LOG = LoggerFactory.getLogger(CallPipeline.class);
    private static final int HTTP_OK = 200;
    private static final int CLIENT_CLOSED = 499;

    private final Gatekeeper gatekeeper;
    private final Journal journal;
    private final ReplicaRouter router;
    private final NodeClient nodes;
    private final CallMetrics metrics;
    private final Drain drain;
    private final Clock clock;
    private final MonotonicClock monotonicClock;

    CallPipeline(
            Gatekeeper gatekeeper,
            Journal journal,
            ReplicaRouter router,
            NodeClient nodes,
            CallMetrics metrics,
            Drain drain,
            Clock clock,
            MonotonicClock monotonicClock) {
        this.gatekeeper = gatekeeper;
        this.journal = journal;
        this.router = router;
        this.nodes = nodes;
        this.metrics = metrics;
        this.drain = drain;
        this.clock = clock;
        this.monotonicClock = monotonicClock;
    }

    /** The life of a call: from credential to settlement. */
    public Mono<Void> serve(Exchange exchange, ProtocolCall protocol) {
        Caller caller = gatekeeper.authenticate(exchange);
        gatekeeper.requireInvoke(caller);
        gatekeeper.enter();
        CallLimits limits = gatekeeper.limits(exchange, caller, nodes.deadline());
        return Mono.defer(protocol::model)
                .map(reference -> gatekeeper.authorise(caller, reference))
                .flatMap(limits::admit)
                .flatMap(target -> prepare(exchange, caller, target, protocol, limits))
                .flatMap(call ->
                        settled(
                                call,
                                exchange,
                                journalOpen(call, exchange)
                                        .then(Mono.defer(() -> forward(call, exchange, protocol)))))
                .doFinally(signal -> {
                    limits.end();
                    gatekeeper.leave();
                });
    }

    private Mono<LiveCall> prepare(
            Exchange exchange,
            Caller caller,
            Resolution.Resolved target,
            ProtocolCall protocol,
            CallLimits limits) {
        exchange.note("model", target.model().name() + ":" + target.version().number());
        return protocol.nodeRequest(target.model(), target.version())
                .flatMap(limits::reserve)
                .map(request ->
                        new LiveCall(
                                exchange.id(),
                                caller,
                                target,
                                protocol.operation(),
                                request,
                                clock.instant(),
                                limits,
                                monotonicClock));
    }

    /** Goes on with the call on its connection's own thread once the journal has it. */
    private Mono<Void> journalOpen(LiveCall call, Exchange exchange) {
        return journal.open(call.opening()).publishOn(exchange.eventLoop());
    }

    /** Whatever ends the call, its account goes to the journal. */
    private Mono<Void> settled(LiveCall call, Exchange exchange, Mono<Void> life) {
        return drain.watch(life)
                .doOnSuccess(done -> settle(call, exchange))
                .onErrorMap(failure -> settle(call, exchange, failure))
                .doOnCancel(() -> book(call, exchange, Outcome.CLIENT_GONE, CLIENT_CLOSED));
    }

    private Mono<Void> forward(LiveCall call, Exchange exchange, ProtocolCall protocol) {
        return router.first(versionOf(call))
                .map(chosen -> attempt(call, exchange, protocol, chosen))
                .orElseGet(() -> Mono.error(CallEnding.NO_REPLICA.asException()));
    }

    private Mono<Void> attempt(
            LiveCall call, Exchange exchange, ProtocolCall protocol, ChosenReplica chosen) {
        return nodes.send(
                        chosen.replica(),
                        call.beginAttempt(chosen.replica(), clock.instant()),
                        call.request(),
                        call.timeLeft(),
                        exchange.eventLoop(),
                        answer -> protocol.answer(answer, call))
                .doOnSuccess(done -> chosen.succeeded())
                .doOnError(failure -> report(chosen, failure))
                .doOnCancel(chosen::abandoned)
                .onErrorResume(
                        failure -> mayTryAgain(call, failure),
                        failure -> attemptAgain(call, exchange, protocol, chosen, failure));
    }

    private static boolean mayTryAgain(LiveCall call, Throwable failure) {
        return !call.isAnswering() && !call.isSettled() && CallEnding.isRepeatable(failure);
    }

    private Mono<Void> attemptAgain(
            LiveCall call,
            Exchange exchange,
            ProtocolCall protocol,
            ChosenReplica failed,
            Throwable failure) {
        metrics.attemptFailed(failure);
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

    private void settle(LiveCall call, Exchange exchange) {
        NodeFailure midway = call.midwayFailure();
        Outcome outcome = midway == null ? Outcome.OK : CallEnding.of(midway).outcome();
        book(call, exchange, outcome, HTTP_OK);
    }

    /** Books a failed call and says what its client is told. */
    private Throwable settle(LiveCall call, Exchange exchange, Throwable failure) {
        CallEnding ending = CallEnding.of(failure);
        if (failure instanceof JournalException) {
            call.abandon();
        } else {
            book(call, exchange, ending.outcome(), ending.refusal().reason().status());
        }
        if (ending.refusal().reason() == Refusal.Reason.INTERNAL_ERROR
                && ending.outcome() != Outcome.CLIENT_GONE) {
            LOG.error("call {} failed", call.id(), failure);
        }
        return ending.refusal().asException();
    }

    private void book(LiveCall call, Exchange exchange, Outcome outcome, int statusOtherwise) {
        call.settle(outcome, statusOtherwise, clock.instant())
                .ifPresent(usage -> {
                    journal.settle(usage);
                    call.limits().settle(usage);
                    metrics.settled(usage, call.age());
                    metrics.excess(usage, call.price());
                    exchange.note("outcome", outcome);
                    exchange.note("attempts", usage.attempts());
                    exchange.note("in", usage.inputTokens());
                    exchange.note("out", usage.outputTokens());
                });
    }

    private static ModelVersionId versionOf(LiveCall call) {
        return call.target().version().id();
    }
}
