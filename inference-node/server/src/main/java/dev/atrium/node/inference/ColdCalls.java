package dev.atrium.node.inference;

import dev.atrium.node.api.AttemptEnd;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.model.Replica;
import dev.atrium.node.worker.HostedModel;
import dev.atrium.registry.api.tenancy.TenantId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Calls of versions that are not in memory. They have them loaded; as many as there is room for
 * wait, the others hear when to come again. Nothing of a call's body is read before.
 */
@Component
class ColdCalls {
    private final int mostCalls;
    private final long mostBytes;
    private final Timer served;
    private final Timer givenUp;
    private int calls;
    private long bytes;

    ColdCalls(InferenceProperties properties, MeterRegistry meters) {
        this.mostCalls = properties.maxWaiting();
        this.mostBytes = properties.maxWaitingBytes().toBytes();
        this.served = timer(meters, "served");
        this.givenUp = timer(meters, "given_up");
        Gauge.builder("atrium.node.cold.waiting", this::waiting)
                .description("calls that wait for their model to be loaded")
                .register(meters);
    }

    private static Timer timer(MeterRegistry meters, String outcome) {
        return Timer.builder("atrium.node.cold.wait")
                .description("how long calls waited for their model to be loaded")
                .tag("outcome", outcome)
                .register(meters);
    }

    /** A call and how long it may wait. */
    record Asking(TenantId tenant, AttemptEnds.Course course, Duration longest, long bytes) {}

    /**
     * The model, once it is loaded. Fails with {@link LoadingException} when that takes longer than
     * the call waits, and with {@code not_ready} when no call loads the copy.
     */
    Mono<HostedModel> load(Replica replica, Asking asking) {
        Optional<Duration> expected = replica.call();
        if (expected.isEmpty()) {
            throw notReady();
        }
        if (asking.longest().isZero() || !tryEnter(asking.bytes())) {
            throw new LoadingException(expected.get());
        }
        return Mono.<HostedModel>create(sink -> new Waiting(replica, asking, sink).begin())
                .timeout(asking.longest(), Mono.error(() -> later(replica)));
    }

    /** One call that waits; its place is free again whatever ends it. */
    private final class Waiting {
        private final Replica replica;
        private final Asking asking;
        private final MonoSink<HostedModel> sink;
        private final long since = System.nanoTime();
        private volatile Timer outcome = givenUp;

        Waiting(Replica replica, Asking asking, MonoSink<HostedModel> sink) {
            this.replica = replica;
            this.asking = asking;
            this.sink = sink;
        }

        void begin() {
            Runnable end = replica.whenNews(this::look);
            sink.onDispose(() -> {
                end.run();
                leave(asking.bytes());
                outcome.record(Duration.ofNanos(System.nanoTime() - since));
            });
            sink.onCancel(() -> asking.course().end(AttemptEnd.NOT_COMPUTED));
            asking.course().whenCancelled(() -> fail(EngineException.cancelled()));
            look();
        }

        private void look() {
            Optional<HostedModel> model = replica.servingFor(asking.tenant());
            if (model.isPresent()) {
                outcome = served;
                sink.success(model.get());
            } else if (!replica.isOnCall()) {
                fail(notReady());
            }
        }

        private void fail(RuntimeException reason) {
            asking.course().end(AttemptEnd.NOT_COMPUTED);
            sink.error(reason);
        }
    }

    private static EngineException notReady() {
        return new EngineException(
                NodeError.NOT_READY, "the version is not ready on this node", null);
    }

    private static RuntimeException later(Replica replica) {
        return replica.call()
                .<RuntimeException>map(LoadingException::new)
                .orElseGet(ColdCalls::notReady);
    }

    private synchronized boolean tryEnter(long more) {
        if (calls >= mostCalls || more > mostBytes - bytes) {
            return false;
        }
        calls++;
        bytes += more;
        return true;
    }

    private synchronized void leave(long fewer) {
        calls--;
        bytes -= fewer;
    }

    private synchronized int waiting() {
        return calls;
    }
}
