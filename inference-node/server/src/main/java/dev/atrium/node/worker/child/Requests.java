package dev.atrium.node.worker.child;

import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.engine.ChatUsage;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Prediction;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.ipc.Frame;
import dev.atrium.node.worker.ipc.FrameChannel;
import dev.atrium.node.worker.ipc.FrameTooLargeException;
import dev.atrium.node.worker.ipc.FrameType;
import dev.atrium.node.worker.ipc.Messages;
import dev.atrium.node.worker.ipc.TensorBodies;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Takes requests off the socket and gives each a thread; the supervisor bounds how many there are.
 * Threads are real ones, because native code would pin a virtual one anyway.
 */
final class Requests {
    private final FrameChannel frames;
    private final HeldModels models = new HeldModels();
    private final Map<Long, BatchedCalls> running = new ConcurrentHashMap<>();
    private final ExecutorService threads =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("call-", 0).factory());

    Requests(FrameChannel frames) {
        this.frames = frames;
    }

    /** Returns when the supervisor closes the connection. */
    void serve() throws IOException {
        Optional<Frame> next = frames.receive();
        while (next.isPresent()) {
            accept(next.get());
            next = frames.receive();
        }
    }

    private void accept(Frame frame) throws IOException {
        if (frame.type() == FrameType.CANCEL) {
            BatchedCalls calls = running.get(frame.id());
            if (calls != null) {
                calls.cancel(Messages.read(frame.head(), Messages.Cancel.class).call());
            }
            return;
        }
        BatchedCalls calls = new BatchedCalls();
        running.put(frame.id(), calls);
        threads.execute(() -> answer(frame, calls));
    }

    private void answer(Frame frame, BatchedCalls calls) {
        Reply reply = new Reply(frames, frame.id());
        try {
            try {
                models.answer(frame, calls, reply);
            } catch (RuntimeException | FrameTooLargeException e) {
                calls.end();
                reply.failed(EngineFailures.of(e));
            }
        } catch (IOException e) {
            // Without the supervisor there is nobody to work for.
            Runtime.getRuntime().halt(0);
        } finally {
            running.remove(frame.id());
        }
    }

    /** Where an answer goes; remembers what was used, so that failures can say it too. */
    static final class Reply {
        private final FrameChannel frames;
        private final long id;
        private volatile NodeUsage usage = NodeUsage.NONE;
        private long startedNanos = System.nanoTime();

        Reply(FrameChannel frames, long id) {
            this.frames = frames;
            this.id = id;
        }

        void computing() {
            startedNanos = System.nanoTime();
        }

        NodeUsage used(ChatUsage chat) {
            return used(chat.inputTokens(), chat.outputTokens(), chat.cachedInputTokens());
        }

        /** Where the engine says nothing of a cache. */
        NodeUsage used(long inputTokens, long outputTokens) {
            return used(inputTokens, outputTokens, null);
        }

        private NodeUsage used(
                long inputTokens, long outputTokens, @Nullable Long cachedInputTokens) {
            usage =
                    new NodeUsage(inputTokens, outputTokens, micros())
                            .withCached(cachedInputTokens);
            return usage;
        }

        /** What the last piece said, if that was all: its reader and the journal must agree. */
        NodeUsage lastSaid(ChatUsage chat) {
            NodeUsage said = usage;
            return said.inputTokens() == chat.inputTokens()
                            && said.outputTokens() == chat.outputTokens()
                    ? said
                    : used(chat);
        }

        void send(FrameType type, Object message, java.nio.ByteBuffer... body) throws IOException {
            frames.send(type, id, Messages.write(message), body);
        }

        long micros() {
            return Math.max(1, (System.nanoTime() - startedNanos) / 1_000);
        }

        /** The last word on a whole batch. */
        void result(List<Tensor> outputs, List<Long> tokens) throws IOException {
            long all = tokens.stream().mapToLong(Long::longValue).sum();
            result(outputs, used(all, 0), tokens);
        }

        void result(Prediction prediction) throws IOException {
            long tokens = prediction.inputTokens();
            usage = used(tokens, 0).of(prediction.media());
            result(prediction.outputs(), usage, List.of(tokens));
        }

        private void result(List<Tensor> outputs, NodeUsage used, List<Long> tokens)
                throws IOException {
            Messages.Result result =
                    new Messages.Result(TensorBodies.heads(outputs), used, tokens, false);
            send(FrameType.RESULT, result, TensorBodies.bodies(outputs));
        }

        /** The last word on one call of a batch. */
        void part(int call, List<Tensor> outputs, long tokens) throws IOException {
            NodeUsage used = new NodeUsage(tokens, 0, micros());
            Messages.Part part = new Messages.Part(call, TensorBodies.heads(outputs), used, null);
            send(FrameType.PART, part, TensorBodies.bodies(outputs));
        }

        /** The last word on one call of a batch. */
        void part(int call, Prediction prediction, long micros) throws IOException {
            NodeUsage used =
                    new NodeUsage(prediction.inputTokens(), 0, micros).of(prediction.media());
            List<Tensor> outputs = prediction.outputs();
            send(
                    FrameType.PART,
                    new Messages.Part(call, TensorBodies.heads(outputs), used, null),
                    TensorBodies.bodies(outputs));
        }

        /** The last word on one call of a batch. */
        void failed(int call, EngineException why, NodeUsage used) throws IOException {
            Messages.Failed failed =
                    new Messages.Failed(why.code(), why.message(), why.param(), used);
            send(FrameType.PART, new Messages.Part(call, List.of(), used, failed));
        }

        /** The last word on a batch whose calls have all had theirs. */
        void ended(boolean wereNoBatch) throws IOException {
            send(
                    FrameType.RESULT,
                    new Messages.Result(List.of(), NodeUsage.NONE, List.of(), wereNoBatch));
        }

        private void failed(EngineException why) throws IOException {
            NodeUsage spent =
                    used(usage.inputTokens(), usage.outputTokens(), usage.cachedInputTokens());
            send(
                    FrameType.FAILED,
                    new Messages.Failed(why.code(), why.message(), why.param(), spent));
        }
    }
}
