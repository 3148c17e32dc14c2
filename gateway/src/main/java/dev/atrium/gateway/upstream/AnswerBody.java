package dev.atrium.gateway.upstream;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The body of a node's answer as it comes, for one subscriber. While more waits here than is asked
 * for, the node's connection is not read, which makes the node wait.
 */
final class AnswerBody extends Flux<ByteBuf> implements Subscription {
    private final NodeAttempt attempt;
    private final Queue<ByteBuf> parts = new ArrayDeque<>(2);
    private @Nullable CoreSubscriber<? super ByteBuf> subscriber;
    private long requested;
    private boolean isDraining;
    private boolean isPaused;
    private boolean hasEnded;
    private boolean isOver;
    private @Nullable Throwable failure;

    AnswerBody(NodeAttempt attempt) {
        this.attempt = attempt;
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
        if (subscriber != null) {
            Operators.error(actual, new IllegalStateException("a body is read once"));
            return;
        }
        subscriber = actual;
        actual.onSubscribe(this);
        attempt.onLoop(this::drain);
    }

    @Override
    public void request(long parts) {
        if (Operators.validate(parts)) {
            attempt.onLoop(() -> {
                requested = Operators.addCap(requested, parts);
                drain();
            });
        }
    }

    @Override
    public void cancel() {
        attempt.onLoop(() -> {
            discard();
            attempt.cutOff();
        });
    }

    /** Takes a part over. */
    void add(ByteBuf part) {
        if (isOver) {
            part.release();
            return;
        }
        parts.add(part);
        drain();
        if (!isOver && !isPaused && !parts.isEmpty()) {
            isPaused = true;
            attempt.read(false);
        }
    }

    /** Nothing more comes; null where that is as it should be. */
    void end(@Nullable Throwable cause) {
        if (!hasEnded) {
            hasEnded = true;
            failure = cause;
            drain();
        }
    }

    /** What waits is of no use any more. */
    void endNow(Throwable cause) {
        release();
        end(cause);
    }

    /** Nobody will ask for the rest. */
    void discard() {
        isOver = true;
        release();
    }

    private void release() {
        for (ByteBuf part = parts.poll(); part != null; part = parts.poll()) {
            part.release();
        }
    }

    private void drain() {
        CoreSubscriber<? super ByteBuf> actual = subscriber;
        if (actual == null || isDraining) {
            return;
        }
        isDraining = true;
        try {
            while (!isOver && requested > 0 && !parts.isEmpty()) {
                requested--;
                pass(actual, parts.remove());
            }
        } finally {
            isDraining = false;
        }
        goOnReading();
        if (!isOver && hasEnded && parts.isEmpty()) {
            isOver = true;
            finish(actual);
        }
    }

    private static void pass(CoreSubscriber<? super ByteBuf> actual, ByteBuf part) {
        try {
            actual.onNext(part);
        } finally {
            part.release();
        }
    }

    private void goOnReading() {
        if (isPaused && !hasEnded && parts.isEmpty()) {
            isPaused = false;
            attempt.read(true);
        }
    }

    private void finish(CoreSubscriber<? super ByteBuf> actual) {
        Throwable cause = failure;
        if (cause == null) {
            actual.onComplete();
        } else {
            actual.onError(cause);
        }
    }
}
