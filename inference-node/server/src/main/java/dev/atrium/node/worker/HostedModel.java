package dev.atrium.node.worker;

import dev.atrium.node.api.ChatDelta;
import dev.atrium.node.api.ChatRequest;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.RunningCall.Request;
import dev.atrium.node.worker.ipc.Messages;
import dev.atrium.node.worker.queue.BatchRules;
import dev.atrium.node.worker.queue.Exits;
import dev.atrium.node.worker.queue.ModelQueue;
import dev.atrium.node.worker.queue.QueueLimits;
import dev.atrium.node.worker.queue.Turn;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.usage.Media;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A version that is loaded and warm in some worker. */
public final class HostedModel {
    /** After which calls of a model are computed one by one, whatever its trial showed. */
    private static final int MOST_SPOILT_BATCHES = 3;

    /** More than any tokenizer or chat template puts around a text. */
    private static final long FRAME_TOKENS = 64;

    private final WorkerProcess worker;
    private final long key;
    private final Signature signature;
    private final ModelMeters meters;
    private final int places;
    private final ModelQueue<RunningCall> queue;
    private final AtomicInteger spoiltBatches = new AtomicInteger();
    private volatile @Nullable String objection;
    private volatile @Nullable HostedModel successor;
    private final Duration cancelGrace;
    private final Runnable unload;
    private final ModelShare share;

    /** Says how many models share the worker's memory. */
    interface ModelShare {
        int models();
    }

    HostedModel(
            WorkerProcess worker,
            long key,
            Warm warm,
            ModelMeters meters,
            QueueLimits limits,
            BatchRules rules,
            Duration cancelGrace,
            ModelShare share,
            Runnable unload) {
        this.worker = worker;
        this.key = key;
        this.signature = warm.signature();
        this.objection = warm.objection();
        this.meters = meters;
        this.places = limits.places();
        this.queue =
                new ModelQueue<>(
                        limits,
                        objection == null ? rules : BatchRules.alone(),
                        System::nanoTime,
                        new QueueExits());
        this.cancelGrace = cancelGrace;
        this.share = share;
        this.unload = unload;
        meters.follow(this);
    }

    /**
     * What loading and warming up have shown.
     *
     * @param objection why calls cannot be computed together; null when they can
     */
    record Warm(Signature signature, @Nullable String objection) {}

    private final class QueueExits implements Exits<RunningCall> {
        @Override
        public void start(Turn<RunningCall> turn) {
            Batch batch = new Batch(worker, key, turn, new Observer());
            Alarms.BACKGROUND.execute(batch::run);
        }

        @Override
        public void tooLate(RunningCall call) {
            call.expireWaiting();
        }

        @Override
        public void wakeAfter(long nanos) {
            Alarms.after(Duration.ofNanos(nanos), queue::wake);
        }
    }

    private final class Observer implements Batch.Observer {
        @Override
        public void sent(Turn<RunningCall> turn) {
            meters.sent(turn);
        }

        @Override
        public void ended(RunningCall call) {
            meters.computed(call.tenant(), call.known().computeMicros());
        }

        @Override
        public void wasNoBatch() {
            if (spoiltBatches.incrementAndGet() == MOST_SPOILT_BATCHES) {
                objection = "batches failed whose calls are fine one by one";
                queue.stopJoining();
            }
        }
    }

    /** As the engine reports it; empty where the format does not say. */
    public Signature signature() {
        return signature;
    }

    /** Why calls are computed one by one; empty when they share batches. */
    public Optional<String> objection() {
        return Optional.ofNullable(objection);
    }

    /** Other rules for batches, from the next one on; nothing for a model that has none. */
    void follow(BatchRules rules) {
        if (objection == null) {
            queue.follow(rules);
        }
    }

    /** From now on calls go to the same version in another worker. */
    public void succeededBy(HostedModel next) {
        successor = next;
    }

    /** Where calls go that were on their way to this one. */
    public HostedModel latest() {
        HostedModel next = successor;
        return next == null ? this : next.latest();
    }

    /** Completes when the process that holds the model ends. */
    public CompletableFuture<WorkerDeath> death() {
        return worker.death();
    }

    /** Batches that can be computed at the same time. */
    int places() {
        return places;
    }

    /** Calls that wait or run. */
    public int inFlight() {
        return queue.inFlight();
    }

    /** Measured memory; models in one worker share its figure evenly. */
    public long residentBytes() {
        return worker.residentBytes() / Math.max(1, share.models());
    }

    /** Process id, for operators and tests. */
    public long pid() {
        return worker.pid();
    }

    /**
     * @param onSent runs once when the inputs' buffers are not needed any more, whatever happens
     * @return empty when the queue is full
     */
    public Optional<Call> infer(
            CallTerms terms, List<Tensor> inputs, List<String> outputs, Runnable onSent) {
        Asked asked =
                objection == null
                        ? Asked.Tensors.joining(inputs, outputs)
                        : Asked.Tensors.alone(inputs, outputs);
        return call(asked, terms, onSent, new BelievedUsage(0, 0));
    }

    /** The answer is one FP32 matrix with a row for each text. */
    public Optional<Call> embed(CallTerms terms, List<String> texts) {
        Asked asked = new Asked.Texts(texts, objection == null ? Asked.Texts.JOINING : null);
        return call(asked, terms, () -> {}, new BelievedUsage(mostTokens(texts), 0));
    }

    /**
     * @param maxPieces a worker that sends more is killed
     * @param onPiece gets the pieces in order; must not block
     */
    public Optional<Call> chat(
            CallTerms terms, ChatRequest request, int maxPieces, Consumer<ChatDelta> onPiece) {
        Consumer<Messages.Delta> onDelta =
                delta ->
                        onPiece.accept(
                                new ChatDelta(
                                        delta.text(), delta.finishReason(), delta.usage(), null));
        return call(
                new Asked.Conversation(request, onDelta, maxPieces),
                terms,
                () -> {},
                new BelievedUsage(mostTokens(request), maxPieces));
    }

    /**
     * The answer is {@link dev.atrium.node.engine.Prediction#outputs}.
     *
     * @param mostMedia pictures and sound that the input can hold at most
     * @param contentType as the caller said; null where it did not
     * @param top labels to answer; null for the version's own number
     */
    public Optional<Call> predict(
            CallTerms terms,
            Media mostMedia,
            @Nullable String contentType,
            ByteBuffer input,
            @Nullable Integer top) {
        return call(
                new Asked.Natural(
                        contentType, input, top, objection == null ? Asked.Natural.JOINING : null),
                terms,
                () -> {},
                new BelievedUsage(input.remaining() + FRAME_TOKENS, 0, mostMedia));
    }

    /** No token is shorter than a byte; each text or message has a frame of its own. */
    private static long mostTokens(List<String> texts) {
        return texts.stream().mapToLong(text -> 4L * text.length() + FRAME_TOKENS).sum();
    }

    private static long mostTokens(ChatRequest request) {
        List<String> contents =
                request.messages().stream()
                        .map(ChatRequest.Message::content)
                        .filter(Objects::nonNull)
                        .toList();
        return mostTokens(contents) + FRAME_TOKENS * request.messages().size();
    }

    private Optional<Call> call(
            Asked asked, CallTerms terms, Runnable onSent, BelievedUsage usage) {
        Request request = new Request(asked, terms, onSent, usage);
        RunningCall call = new RunningCall(worker, queue, request, cancelGrace);
        if (!call.enter()) {
            meters.turnedAway(terms.tenant());
            return Optional.empty();
        }
        return Optional.of(call);
    }

    /** Frees the memory; calls that still run are lost. */
    public void unload() {
        meters.forget(this);
        unload.run();
    }
}
