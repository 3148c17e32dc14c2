package dev.atrium.node.inference;

import dev.atrium.node.api.ChatDelta;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.worker.Call;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** Pieces of one answer on their way to the connection, and their progress into the journal. */
final class ChatStream {
    /** How much of an answer a killed node may forget. */
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Attempt attempt;
    private volatile @Nullable FluxSink<ChatDelta> sink;
    private volatile boolean begun;
    private long journalled = System.nanoTime();

    ChatStream(Attempt attempt) {
        this.attempt = attempt;
    }

    /**
     * Every piece; fails only when there was none before the failure, which otherwise is the last
     * event. The buffer is bounded by the number of pieces that a worker may send.
     */
    Flux<ChatDelta> deltas(Bodies.Body body, Function<InputStream, Call> begin) {
        return Flux.create(to -> {
            sink = to;
            Calls.Begun call = new Calls.Begun();
            to.onCancel(call::cancel);
            body.read(stream -> run(() -> begin.apply(stream), call, to));
        });
    }

    private void run(Supplier<Call> begin, Calls.Begun begun, FluxSink<ChatDelta> to) {
        try {
            Call call = begin.get();
            begun.set(call);
            call.answer()
                    .whenComplete((answer, failure) -> {
                        if (failure == null) {
                            to.complete();
                        } else {
                            fail(call, Calls.cause(failure), to);
                        }
                    });
        } catch (RuntimeException e) {
            to.error(e);
        }
    }

    private void fail(Call call, Throwable failure, FluxSink<ChatDelta> to) {
        if (!begun) {
            to.error(new FailedCallException(call.usage(), failure));
            return;
        }
        NodeError error = NodeErrors.error(failure);
        to.next(new ChatDelta("", null, call.usage(), error));
        to.complete();
    }

    /** Called by the thread that reads from the worker. */
    void piece(ChatDelta delta) {
        begun = true;
        FluxSink<ChatDelta> to = sink;
        if (to != null) {
            to.next(delta);
        }
        long now = System.nanoTime();
        if (now - journalled > PROGRESS_NANOS) {
            journalled = now;
            attempt.progress(delta.usage());
        }
    }
}
