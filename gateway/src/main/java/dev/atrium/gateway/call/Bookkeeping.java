package dev.atrium.gateway.call;

import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.metering.JournalException;
import dev.atrium.gateway.upstream.NodeClient;
import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.node.api.AttemptEnd;
import dev.atrium.node.api.NodeError;
import dev.atrium.registry.api.feed.FeedReplica;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Books every call once, by the rule of what is charged: what the node produced until a cancel
 * reached it.
 *
 * <p>A call that ends before its answer does has a node that computed for nobody. Its connection is
 * closed by then, so the node is asked for its last word, for a bounded time and whoever still
 * listens; the call keeps its place until then. Without an answer what passed through here counts.
 *
 * @see "docs/charging.md"
 */
@Component
class Bookkeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Bookkeeping.class);
    private static final int HTTP_OK = 200;
    private static final int CLIENT_CLOSED = 499;

    private final Journal journal;
    private final NodeClient nodes;
    private final CallMetrics metrics;
    private final Clock clock;

    Bookkeeping(Journal journal, NodeClient nodes, CallMetrics metrics, Clock clock) {
        this.journal = journal;
        this.nodes = nodes;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** The end of an answer, which may tell of a failure. */
    void answered(LiveCall call, Exchange exchange) {
        NodeFailure midway = call.midwayFailure();
        if (midway == null) {
            end(call, exchange, Outcome.OK, HTTP_OK, true);
        } else {
            end(call, exchange, midway, CallEnding.of(midway));
        }
    }

    /** Books a failed call and says what its client is told. */
    Throwable failed(LiveCall call, Exchange exchange, Throwable failure) {
        CallEnding ending = CallEnding.of(failure);
        if (failure instanceof JournalException) {
            call.abandon();
        } else {
            end(call, exchange, failure, ending);
        }
        if (ending.refusal().reason() == Refusal.Reason.INTERNAL_ERROR
                && ending.outcome() != Outcome.CLIENT_GONE) {
            LOG.error("call {} failed", call.id(), failure);
        }
        return ending.refusal().asException();
    }

    /** The client went away. */
    void abandoned(LiveCall call, Exchange exchange) {
        end(call, exchange, Outcome.CLIENT_GONE, CLIENT_CLOSED, false);
    }

    private void end(LiveCall call, Exchange exchange, Throwable failure, CallEnding ending) {
        if (failure instanceof NodeFailure.Refused refused) {
            call.used(refused.usage());
        }
        int status = ending.refusal().reason().status();
        end(call, exchange, ending.outcome(), status, isLastWord(failure));
    }

    /** Whether a node says that it has ended the call by failing like this. */
    private static boolean isLastWord(Throwable failure) {
        return switch (failure) {
            case NodeFailure.Unreachable unreachable -> true;
            // Its worker may still be on the way out.
            case NodeFailure.Refused refused ->
                    !refused.error().code().equals(NodeError.DEADLINE_EXCEEDED);
            default -> false;
        };
    }

    private void end(
            LiveCall call, Exchange exchange, Outcome outcome, int status, boolean isLastWord) {
        if (!call.end()) {
            return;
        }
        exchange.note("outcome", outcome);
        exchange.note("attempts", call.attempts());
        FeedReplica node = call.replica();
        if (isLastWord || node == null) {
            exchange.note("in", call.usage().inputTokens());
            exchange.note("out", call.usage().outputTokens());
            book(call, exchange, outcome, status);
            return;
        }
        call.place().hold();
        lastWord(call, node, exchange)
                .doOnNext(word -> heed(call, word))
                .doFinally(signal -> {
                    book(call, exchange, outcome, status);
                    call.place().letGo();
                })
                .subscribe();
    }

    private Mono<AttemptEnd> lastWord(LiveCall call, FeedReplica node, Exchange exchange) {
        return nodes.end(
                node, call.grant(node, clock.instant()), exchange.loop(), exchange.eventLoop());
    }

    private static void heed(LiveCall call, AttemptEnd word) {
        call.used(word.usage());
        if (!word.computed()) {
            call.neverComputed();
        }
    }

    private void book(LiveCall call, Exchange exchange, Outcome outcome, int status) {
        UsageRecord usage = call.account(outcome, status, clock.instant());
        call.place().booked(usage);
        journal.settle(usage, exchange.loop());
        call.limits().settle(usage);
        metrics.settled(usage, call.age());
        metrics.excess(usage, call.price());
    }
}
