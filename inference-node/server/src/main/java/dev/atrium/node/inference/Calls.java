package dev.atrium.node.inference;

import dev.atrium.node.worker.Answer;
import dev.atrium.node.worker.Call;
import java.io.InputStream;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Brings blocking beginnings and cancellable calls together with the reactive web. */
final class Calls {
    private Calls() {}

    /**
     * The answer of a call that {@code begin} makes of the body. When the subscriber goes away the
     * call is cancelled, also when it is only begun after that.
     */
    static Mono<Answer> answer(Bodies.Body body, Function<InputStream, Call> begin) {
        return Mono.create(sink -> {
            Begun begun = new Begun();
            sink.onCancel(begun::cancel);
            body.read(stream -> {
                try {
                    Call call = begin.apply(stream);
                    begun.set(call);
                    call.answer()
                            .whenComplete((answer, failure) -> {
                                if (failure == null) {
                                    sink.success(answer);
                                } else {
                                    sink.error(
                                            new FailedCallException(call.usage(), cause(failure)));
                                }
                            });
                } catch (RuntimeException e) {
                    sink.error(e);
                }
            });
        });
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    /** A call that may be cancelled before it exists. */
    static final class Begun {
        private @Nullable Call call;
        private boolean cancelled;
        private boolean forgotten;

        void set(Call begun) {
            boolean tooLate;
            synchronized (this) {
                call = forgotten ? null : begun;
                tooLate = cancelled;
            }
            if (tooLate) {
                begun.cancel();
            }
        }

        /** It has ended. */
        synchronized void forget() {
            call = null;
            forgotten = true;
        }

        void cancel() {
            Call running;
            synchronized (this) {
                cancelled = true;
                running = call;
            }
            if (running != null) {
                running.cancel();
            }
        }
    }
}
