package dev.atrium.gateway.idempotency;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.registry.api.idempotency.ClaimKey;
import dev.atrium.registry.api.idempotency.ClaimReply;
import dev.atrium.registry.api.idempotency.KeptReply;
import dev.atrium.registry.api.idempotency.KeyStanding;
import dev.atrium.registry.api.usage.UsageRecord;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A call with a key. Once the key is its own it runs to its end though its client may leave, for
 * the sake of the retry.
 */
public final class KeyedCall {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Exchange exchange;
    private final Caller caller;
    private final String key;
    private final UUID incarnation;
    private final Duration longest;
    private final Claims claims;
    private final MeterRegistry meters;
    private final HeldKey held;

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
        this.held = new HeldKey(outcomes::say);
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
        exchange.copyAnswer(call.held.answer(), call.held::partOver);
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
            held.asks();
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
                            longest.toMillis(),
                            null);
            held.claims(claim);
            return claim;
        }

        @Override
        public void over() {
            held.partOver();
        }
    }

    /**
     * The call needs its place no more.
     *
     * @param booked null where it never was a call
     */
    public void callOver(@Nullable UsageRecord booked) {
        held.callOver(booked);
    }

    private Mono<Void> standing(ClaimReply reply, Mono<Void> life) {
        exchange.note("idempotency", reply.standing());
        meters.counter("atrium.gateway.idempotency", "standing", reply.standing().name())
                .increment();
        if (reply.standing() != KeyStanding.NEW) {
            held.isAnothers();
            exchange.responseHeader("Atrium-Original-Request-Id", reply.callId().toString());
        }
        return switch (reply.standing()) {
            case NEW -> {
                // Paid for from here on, so the answer is waited for, if only for the retry.
                exchange.outliveClient(
                        meters.counter("atrium.gateway.idempotency.left")::increment);
                yield life;
            }
            case FREE -> throw new IllegalStateException("a free key is claimed again");
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
}
