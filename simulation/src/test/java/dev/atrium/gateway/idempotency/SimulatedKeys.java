package dev.atrium.gateway.idempotency;

import dev.atrium.gateway.web.SimulatedAnswer;
import dev.atrium.registry.api.idempotency.ClaimKey;
import dev.atrium.registry.api.idempotency.KeyOutcome;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.simulation.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One life of a gateway's idempotency keys, without the threads that ask and say. */
public final class SimulatedKeys {
    private final UnsaidOutcomes unsaid =
            new UnsaidOutcomes(
                    Settings.of(IdempotencyProperties.class, "atrium.gateway.idempotency", Map.of())
                            .maxUnsaid()
                            .toBytes());
    private final Runnable added;

    /**
     * @param added run when there is something to say
     */
    public SimulatedKeys(Runnable added) {
        this.added = added;
    }

    /** The key of one request. */
    public final class Held {
        private final HeldKey key =
                new HeldKey(outcome -> {
                    unsaid.add(outcome);
                    added.run();
                });

        /** The registry is asked; followed by one {@link #askedFor}. */
        public void asks(ClaimKey claim) {
            key.asks();
            key.claims(claim);
        }

        /** Nothing more comes of the claim. */
        public void askedFor() {
            key.partOver();
        }

        public void isAnothers() {
            key.isAnothers();
        }

        /**
         * The request has been answered, and its bookkeeping is done.
         *
         * @param booked null where it never was a call
         */
        public void answered(int status, byte[] body, UsageRecord booked) {
            SimulatedAnswer.copy(key.answer(), status, body);
            key.callOver(booked);
            key.partOver();
        }
    }

    public Held begin() {
        return new Held();
    }

    /** What to say next; empty when there is nothing. */
    public List<KeyOutcome> next() {
        try {
            return unsaid.next(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public void said(List<KeyOutcome> batch) {
        unsaid.said(batch);
    }

    public void again(List<KeyOutcome> batch) {
        unsaid.again(batch);
    }
}
