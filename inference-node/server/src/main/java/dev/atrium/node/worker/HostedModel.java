package dev.atrium.node.worker;

import dev.atrium.node.api.ChatDelta;
import dev.atrium.node.api.ChatRequest;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.RunningCall.Request;
import dev.atrium.node.worker.ipc.FrameType;
import dev.atrium.node.worker.ipc.Messages;
import dev.atrium.node.worker.ipc.TensorBodies;
import dev.atrium.registry.api.catalog.Signature;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A version that is loaded and warm in some worker. */
public final class HostedModel {
    private static final ByteBuffer[] NO_BODY = {};

    /** More than any tokenizer or chat template puts around a text. */
    private static final long FRAME_TOKENS = 64;

    private final WorkerProcess worker;
    private final long key;
    private final Signature signature;
    private final Gate gate;
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
            Signature signature,
            Gate gate,
            Duration cancelGrace,
            ModelShare share,
            Runnable unload) {
        this.worker = worker;
        this.key = key;
        this.signature = signature;
        this.gate = gate;
        this.cancelGrace = cancelGrace;
        this.share = share;
        this.unload = unload;
    }

    /** As the engine reports it; empty where the format does not say. */
    public Signature signature() {
        return signature;
    }

    /** Completes when the process that holds the model ends. */
    public CompletableFuture<WorkerDeath> death() {
        return worker.death();
    }

    /** Calls that wait or run. */
    public int inFlight() {
        return gate.inFlight();
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
     * @param onStart runs right before the worker gets the call
     * @param onSent runs once when the inputs' buffers are not needed any more, whatever happens
     * @return empty when the queue is full
     */
    public Optional<Call> infer(
            List<Tensor> inputs,
            List<String> outputs,
            Deadline deadline,
            Runnable onStart,
            Runnable onSent) {
        return call(
                new Request(
                        FrameType.INFER,
                        new Messages.Infer(key, TensorBodies.heads(inputs), outputs),
                        TensorBodies.bodies(inputs),
                        deadline,
                        onStart,
                        onSent,
                        null,
                        0,
                        new BelievedUsage(0, 0)));
    }

    /** The answer is one FP32 matrix with a row for each text. */
    public Optional<Call> embed(List<String> texts, Deadline deadline, Runnable onStart) {
        return call(
                new Request(
                        FrameType.EMBED,
                        new Messages.Embed(key, texts),
                        NO_BODY,
                        deadline,
                        onStart,
                        () -> {},
                        null,
                        0,
                        new BelievedUsage(mostTokens(texts), 0)));
    }

    /**
     * @param maxPieces a worker that sends more is killed
     * @param onPiece gets the pieces in order; must not block
     */
    public Optional<Call> chat(
            ChatRequest request,
            int maxPieces,
            Deadline deadline,
            Runnable onStart,
            Consumer<ChatDelta> onPiece) {
        return call(
                new Request(
                        FrameType.CHAT,
                        new Messages.Chat(key, request),
                        NO_BODY,
                        deadline,
                        onStart,
                        () -> {},
                        delta ->
                                onPiece.accept(
                                        new ChatDelta(
                                                delta.text(),
                                                delta.finishReason(),
                                                delta.usage(),
                                                null)),
                        maxPieces,
                        new BelievedUsage(mostTokens(request), maxPieces)));
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

    private Optional<Call> call(Request request) {
        RunningCall call = new RunningCall(worker, gate, request, cancelGrace);
        return call.enter() ? Optional.of(call) : Optional.empty();
    }

    /** Frees the memory; calls that still run are lost. */
    public void unload() {
        unload.run();
    }
}
