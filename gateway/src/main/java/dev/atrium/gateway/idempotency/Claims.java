package dev.atrium.gateway.idempotency;

import dev.atrium.gateway.registry.RegistryClient;
import dev.atrium.gateway.registry.RegistryException;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.gateway.web.RefusedException;
import dev.atrium.registry.api.idempotency.ClaimKey;
import dev.atrium.registry.api.idempotency.ClaimReply;
import dev.atrium.registry.api.idempotency.KeyStanding;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Asks the registry for keys, each question on a thread of its own, a bounded number at a time. */
@Component
class Claims {
    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);
    private static final String PATH = "/internal/v1/idempotency/claims";
    private static final Duration SOON = Duration.ofSeconds(1);

    private final RegistryClient registry;
    private final Semaphore places;
    private final Duration longestWait;

    Claims(RegistryClient registry, IdempotencyProperties properties) {
        this.registry = registry;
        this.places = new Semaphore(properties.maxWaiting());
        this.longestWait = properties.longestWait();
    }

    /** A claim on its way, whatever becomes of the call that waits for it. */
    interface Question {
        /** Made on a thread that may take its time; from here on the claim may have the key. */
        ClaimKey claim();

        /** Nothing more comes of this claim. */
        void over();
    }

    /**
     * Refused when the registry does not answer in time; the claim is then in doubt.
     *
     * @param question asked for where there is room for it
     */
    Mono<ClaimReply> ask(Supplier<Question> question) {
        return Mono.<ClaimReply>create(sink -> begin(question, sink))
                .timeout(longestWait, Mono.error(() -> unreachable()));
    }

    private void begin(Supplier<Question> question, MonoSink<ClaimReply> sink) {
        if (!places.tryAcquire()) {
            sink.error(unreachable());
            return;
        }
        Question asked = question.get();
        Thread.ofVirtual().name("atrium-idempotency-claim").start(() -> post(asked, sink));
    }

    private void post(Question asked, MonoSink<ClaimReply> sink) {
        try {
            sink.success(claimed(asked.claim()));
        } catch (RegistryException e) {
            LOG.debug("claim: {}", e.getMessage());
            sink.error(unreachable());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            sink.error(unreachable());
        } catch (RuntimeException e) {
            sink.error(e);
        } finally {
            places.release();
            asked.over();
        }
    }

    /** A key that others had costs a second question; what is sent late then takes nothing. */
    private ClaimReply claimed(ClaimKey claim) throws InterruptedException {
        long begun = System.nanoTime();
        ClaimReply reply = registry.post(PATH, claim, ClaimReply.class);
        while (reply.standing() == KeyStanding.FREE) {
            if (System.nanoTime() - begun > longestWait.toNanos()) {
                throw unreachable();
            }
            reply = registry.post(PATH, claim.inTurn(reply.turn()), ClaimReply.class);
        }
        return reply;
    }

    private static RefusedException unreachable() {
        return Refusal.retryable(
                        Refusal.Reason.UNAVAILABLE,
                        "the registry, which keeps idempotency keys, does not answer; try again"
                                + " with the same key",
                        SOON)
                .asException();
    }
}
