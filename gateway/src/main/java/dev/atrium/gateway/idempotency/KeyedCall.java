package dev.atrium.gateway.idempotency;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.web.AnswerCopy;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.registry.api.idempotency.ClaimKey;
import dev.atrium.registry.api.idempotency.ClaimReply;
import dev.atrium.registry.api.idempotency.KeptReply;
import dev.atrium.registry.api.idempotency.KeyOutcome;
import dev.atrium.registry.api.idempotency.KeyStanding;
import dev.atrium.registry.api.usage.UsageRecord;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A call with a key. Once the key is its own it runs to its end though its client may leave, for
 * the sake of the retry. What became of it is said when its claim, its request and its bookkeeping
 * are over, whichever of them is the last.
 */
public final class KeyedCall {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Exchange exchange;
    private final Caller caller;
    private final String key;
    private final UUID incarnation;
    private final Duration longest;
    private final Claims claims;
    private final Outcomes outcomes;
    private final MeterRegistry meters;
    private final AnswerCopy answer = new AnswerCopy(KeptReply.LONGEST);

    /** The request and the call; the claim joins them. */
    private final AtomicInteger running = new AtomicInteger(2);

    /** What the registry may have given to this call. */
    private volatile @Nullable ClaimKey held;

    private volatile @Nullable UsageRecord account;

    private KeyedCall(
            Exchange exchange,
            Caller caller,
            String key,
            UUID incarnation,
            Duration longest,
            Claims claims,
            Outcomes outcomes,
            MeterRegistry meters) {
        this.exchange = exchange;
        this.caller = caller;
        this.key = key;
        this.incarnation = incarnation;
        this.longest = longest;
        this.claims = claims;
        this.outcomes = outcomes;
        this.meters = meters;
    }

    static KeyedCall begin(
            Exchange exchange,
            Caller caller,
            String key,
            UUID incarnation,
            Duration longest,
            Claims claims,
            Outcomes outcomes,
            MeterRegistry meters) {
        KeyedCall call =
                new KeyedCall(
                        exchange, caller, key, incarnation, longest, claims, outcomes, meters);
        exchange.keepBody();
        exchange.copyAnswer(call.answer, call::partOver);
        return call;
    }

    /**
     * Lives the call if it is the first with its key; otherwise says again what was answered, or
     * why that cannot be.
     */
    public Mono<Void> once(boolean isStream, Mono<byte[]> request, Mono<Void> life) {
        if (isStream) {
            throw refused(
                    Refusal.Reason.IDEMPOTENCY_STREAM,
                    "a stream cannot be sent again; leave out the header Idempotency-Key, or"
                            + " \"stream\": true");
        }
        return request.flatMap(this::claim)
                .publishOn(exchange.eventLoop())
                .flatMap(reply -> standing(reply, life));
    }

    private Mono<ClaimReply> claim(byte[] body) {
        return claims.ask(() -> {
            running.incrementAndGet();
            return new Question(body);
        });
    }

    /** The claim, which may outlive the call that waits for it. */
    private final class Question implements Claims.Question {
        private final byte[] body;

        Question(byte[] body) {
            this.body = body;
        }

        @Override
        public ClaimKey claim() {
            ClaimKey claim =
                    new ClaimKey(
                            caller.tenantId(),
                            key,
                            Hashes.request(exchange, body),
                            exchange.id(),
                            incarnation,
                            longest.toMillis());
            held = claim;
            return claim;
        }

        @Override
        public void over() {
            partOver();
        }
    }

    /**
     * The call needs its place no more.
     *
     * @param booked null where it never was a call
     */
    public void callOver(@Nullable UsageRecord booked) {
        account = booked;
        partOver();
    }

    private Mono<Void> standing(ClaimReply reply, Mono<Void> life) {
        exchange.note("idempotency", reply.standing());
        meters.counter("atrium.gateway.idempotency", "standing", reply.standing().name())
                .increment();
        if (reply.standing() != KeyStanding.NEW) {
            held = null;
            exchange.responseHeader("Atrium-Original-Request-Id", reply.callId().toString());
        }
        return switch (reply.standing()) {
            case NEW -> {
                // Paid for from here on, so the answer is waited for, if only for the retry.
                exchange.outliveClient(meters.counter("atrium.gateway.idempotency.left")::increment);
                yield life;
            }
            case ANSWERED -> replay(Objects.requireNonNull(reply.reply()));
            case IN_FLIGHT ->
                    throw Refusal.retryable(
                                    Refusal.Reason.IDEMPOTENCY_IN_FLIGHT,
                                    "the first call with this Idempotency-Key still runs; ask"
                                            + " again in a moment",
                                    SOON)
                            .asException();
            case MISMATCH ->
                    throw refused(
                            Refusal.Reason.IDEMPOTENCY_MISMATCH,
                            "this Idempotency-Key was used for another request; send the same"
                                    + " request, or another key");
            case UNKNOWN ->
                    throw refused(
                            Refusal.Reason.IDEMPOTENCY_UNKNOWN,
                            "the first call with this Idempotency-Key was cut off and is never"
                                    + " executed again; see GET /api/v1/calls for what it used,"
                                    + " and send another key to pay for a new call");
            case NOT_KEPT ->
                    throw refused(
                            Refusal.Reason.IDEMPOTENCY_NOT_KEPT,
                            "the first call with this Idempotency-Key was answered, but the reply"
                                    + " was not kept: it is longer than 1 MiB, or too much is kept"
                                    + " for this tenant already");
        };
    }

    private Mono<Void> replay(KeptReply reply) {
        exchange.responseHeader("Idempotent-Replayed", "true");
        return exchange.answer(reply.status(), reply.contentType(), reply.body());
    }

    private static RuntimeException refused(Refusal.Reason reason, String message) {
        return Refusal.of(reason, message).asException();
    }

    private void partOver() {
        if (running.decrementAndGet() > 0) {
            return;
        }
        ClaimKey claim = held;
        if (claim != null) {
            outcomes.say(outcome(claim));
        }
    }

    /** By the rule of what is charged: a call that no model saw is none, and may be tried again. */
    private KeyOutcome outcome(ClaimKey claim) {
        UsageRecord booked = account;
        if (booked == null || !booked.consumption().reached()) {
            return outcome(claim, KeyOutcome.Kind.RELEASED, null);
        }
        return isAnswered(booked)
                ? outcome(claim, KeyOutcome.Kind.ANSWERED, kept())
                : outcome(claim, KeyOutcome.Kind.UNKNOWN, null);
    }

    /**
     * What a client is told whose gateway stops says nothing of the call. A client that leaves can
     * cut off only what would not have been kept.
     */
    private boolean isAnswered(UsageRecord booked) {
        return switch (booked.outcome()) {
            case GATEWAY_LOST -> false;
            case CLIENT_GONE -> answer.isTooLong();
            case OK, INVALID_INPUT, NO_REPLICA, NODE_FAILED, DEADLINE_EXCEEDED -> answer.isWhole();
        };
    }

    private @Nullable KeptReply kept() {
        byte[] bytes = answer.body();
        return bytes == null ? null : new KeptReply(answer.status(), answer.contentType(), bytes);
    }

    private static KeyOutcome outcome(
            ClaimKey claim, KeyOutcome.Kind kind, @Nullable KeptReply reply) {
        return new KeyOutcome(claim.tenantId(), claim.key(), claim.callId(), kind, reply);
    }
}
