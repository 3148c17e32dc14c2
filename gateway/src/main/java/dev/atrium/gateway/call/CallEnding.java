package dev.atrium.gateway.call;

import dev.atrium.gateway.metering.JournalException;
import dev.atrium.gateway.upstream.AnswerInterruptedException;
import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.gateway.web.ClientGoneException;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.gateway.web.RefusedException;
import dev.atrium.node.api.NodeError;
import dev.atrium.registry.api.usage.Outcome;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.AbortedException;

/**
 * How a failure of a call is booked and what its client is told.
 *
 * @param outcome for the ledger
 * @param refusal for the client, where one is still there to hear it
 */
public record CallEnding(Outcome outcome, Refusal refusal) {
    private static final Duration SOON = Duration.ofSeconds(1);

    static final Refusal NO_REPLICA =
            Refusal.retryable(
                    Refusal.Reason.MODEL_NOT_READY,
                    "the model has no replica that is ready; try again in a moment",
                    Duration.ofSeconds(2));

    public static CallEnding of(Throwable failure) {
        return switch (failure) {
            case NodeFailure.Refused refused when isLoading(refused) ->
                    new CallEnding(Outcome.NO_REPLICA, loading(refused.retryAfter()));
            case NodeFailure.Refused refused -> ofNode(refused.error());
            case NodeFailure.Unreachable unreachable ->
                    new CallEnding(Outcome.NO_REPLICA, NO_REPLICA);
            case NodeFailure.Vanished vanished ->
                    new CallEnding(
                            Outcome.NODE_FAILED,
                            Refusal.of(
                                    Refusal.Reason.UPSTREAM_FAILED,
                                    "the node that computed the answer went away"));
            case NodeFailure.Invalid invalid ->
                    new CallEnding(
                            Outcome.NODE_FAILED,
                            Refusal.of(
                                    Refusal.Reason.UPSTREAM_INVALID,
                                    "the node's answer could not be understood"));
            case NodeFailure.TooLate late -> new CallEnding(Outcome.DEADLINE_EXCEEDED, tooLate());
            case AnswerInterruptedException interrupted ->
                    of(interrupted.getCause() == null ? interrupted : interrupted.getCause());
            case JournalException full ->
                    new CallEnding(
                            Outcome.NO_REPLICA,
                            Refusal.retryable(
                                    Refusal.Reason.UNAVAILABLE,
                                    "the gateway cannot account for calls at the moment; try again",
                                    SOON));
            case RefusedException refused -> ofRefusal(refused.refusal());
            case Drain.GatewayStoppingException stopping ->
                    new CallEnding(
                            Outcome.GATEWAY_LOST,
                            Refusal.retryable(
                                    Refusal.Reason.UNAVAILABLE,
                                    "the gateway stops; try again",
                                    SOON));
            case ClientGoneException gone -> clientGone();
            case AbortedException aborted -> clientGone();
            case IOException broken -> clientGone();
            default ->
                    new CallEnding(
                            Outcome.NODE_FAILED,
                            Refusal.of(Refusal.Reason.INTERNAL_ERROR, "internal error"));
        };
    }

    /** Whether another replica may do what this one did not. */
    static boolean isRepeatable(Throwable failure) {
        return switch (failure) {
            case NodeFailure.Unreachable unreachable -> true;
            case NodeFailure.Vanished vanished -> true;
            case NodeFailure.Refused refused ->
                    switch (refused.error().code()) {
                        case NodeError.NOT_READY,
                                NodeError.LOADING,
                                NodeError.NOT_LOADED,
                                NodeError.INVALID_GRANT ->
                                true;
                        default -> false;
                    };
            default -> false;
        };
    }

    /** Whether the node did its part, if only by refusing the input. */
    static boolean isNodeHealthy(Throwable failure) {
        return failure instanceof NodeFailure.Refused refused
                && switch (refused.error().code()) {
                    case NodeError.INVALID_INPUT,
                            NodeError.CONTEXT_LENGTH_EXCEEDED,
                            NodeError.INPUT_TOO_LARGE,
                            NodeError.UNSUPPORTED_MEDIA_TYPE,
                            NodeError.UNSUPPORTED,
                            NodeError.LOADING,
                            NodeError.DEADLINE_EXCEEDED ->
                            true;
                    default -> false;
                };
    }

    /** Whether the call has its model loaded. */
    static boolean isLoading(Throwable failure) {
        return failure instanceof NodeFailure.Refused refused
                && refused.error().code().equals(NodeError.LOADING);
    }

    private static Refusal loading(@Nullable Duration expected) {
        Duration wait = expected == null ? SOON : expected;
        return Refusal.retryable(
                Refusal.Reason.MODEL_NOT_READY,
                "the model is being loaded; try again in "
                        + wait.toSeconds()
                        + " s, or let the call wait with the header Prefer: wait=N, in seconds",
                wait);
    }

    private static CallEnding ofNode(NodeError error) {
        return switch (error.code()) {
            case NodeError.INVALID_INPUT ->
                    new CallEnding(
                            Outcome.INVALID_INPUT, Refusal.invalid(error.error(), error.param()));
            case NodeError.INPUT_TOO_LARGE ->
                    new CallEnding(
                            Outcome.INVALID_INPUT,
                            Refusal.about(
                                    Refusal.Reason.BODY_TOO_LARGE, error.error(), error.param()));
            case NodeError.UNSUPPORTED_MEDIA_TYPE ->
                    new CallEnding(
                            Outcome.INVALID_INPUT,
                            Refusal.of(Refusal.Reason.UNSUPPORTED_MEDIA_TYPE, error.error()));
            case NodeError.CONTEXT_LENGTH_EXCEEDED ->
                    new CallEnding(
                            Outcome.INVALID_INPUT,
                            Refusal.of(Refusal.Reason.CONTEXT_LENGTH_EXCEEDED, error.error()));
            case NodeError.UNSUPPORTED ->
                    new CallEnding(
                            Outcome.INVALID_INPUT,
                            Refusal.of(Refusal.Reason.UNSUPPORTED_OPERATION, error.error()));
            case NodeError.NOT_READY, NodeError.NOT_LOADED ->
                    new CallEnding(Outcome.NO_REPLICA, NO_REPLICA);
            case NodeError.DEADLINE_EXCEEDED ->
                    new CallEnding(Outcome.DEADLINE_EXCEEDED, tooLate());
            case NodeError.MODEL_FAILED ->
                    new CallEnding(
                            Outcome.NODE_FAILED,
                            Refusal.of(Refusal.Reason.MODEL_FAILED, error.error()));
            default ->
                    new CallEnding(
                            Outcome.NODE_FAILED,
                            Refusal.of(
                                    Refusal.Reason.UPSTREAM_INVALID,
                                    "the node did not accept the call"));
        };
    }

    private static CallEnding ofRefusal(Refusal refusal) {
        Outcome outcome =
                refusal.reason() == Refusal.Reason.MODEL_NOT_READY
                        ? Outcome.NO_REPLICA
                        : Outcome.INVALID_INPUT;
        return new CallEnding(outcome, refusal);
    }

    private static CallEnding clientGone() {
        return new CallEnding(
                Outcome.CLIENT_GONE,
                Refusal.of(Refusal.Reason.INTERNAL_ERROR, "the client went away"));
    }

    private static Refusal tooLate() {
        return Refusal.of(
                Refusal.Reason.UPSTREAM_TIMEOUT, "the call took longer than it may; ask for less");
    }
}
