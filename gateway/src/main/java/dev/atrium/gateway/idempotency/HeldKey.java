package dev.atrium.gateway.idempotency;

import dev.atrium.gateway.web.AnswerCopy;
import dev.atrium.registry.api.idempotency.ClaimKey;
import dev.atrium.registry.api.idempotency.KeptReply;
import dev.atrium.registry.api.idempotency.KeyOutcome;
import dev.atrium.registry.api.usage.UsageRecord;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The key of one call. What became of it is said when its claim, its request and its bookkeeping
 * are over, whichever of them is the last. Knows neither threads nor connections.
 */
final class HeldKey {
    private final Consumer<KeyOutcome> said;
    private final AnswerCopy answer = new AnswerCopy(KeptReply.LONGEST);

    /** The request and the call; the claim joins them. */
    private final AtomicInteger running = new AtomicInteger(2);

    /** What the registry may have given to this call. */
    private volatile @Nullable ClaimKey claimed;

    private volatile @Nullable UsageRecord account;

    /**
     * @param said told once, unless the key was never this call's
     */
    HeldKey(Consumer<KeyOutcome> said) {
        this.said = said;
    }

    /** Where the answer goes besides to the client. */
    AnswerCopy answer() {
        return answer;
    }

    /** The registry is about to be asked; over with one {@link #partOver}. */
    void asks() {
        running.incrementAndGet();
    }

    /** From here on the registry may have given the key to this call. */
    void claims(ClaimKey claim) {
        claimed = claim;
    }

    /** The registry says that the key is another call's. */
    void isAnothers() {
        claimed = null;
    }

    /**
     * The call needs its place no more.
     *
     * @param booked null where it never was a call
     */
    void callOver(@Nullable UsageRecord booked) {
        account = booked;
        partOver();
    }

    /** The claim or the request is over. */
    void partOver() {
        if (running.decrementAndGet() > 0) {
            return;
        }
        ClaimKey claim = claimed;
        if (claim != null) {
            said.accept(outcome(claim));
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
