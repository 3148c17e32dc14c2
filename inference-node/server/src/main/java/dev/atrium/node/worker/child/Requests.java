package dev.atrium.node.worker.child;

import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.ChatUsage;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.worker.ipc.Frame;
import dev.atrium.node.worker.ipc.FrameChannel;
import dev.atrium.node.worker.ipc.FrameTooLargeException;
import dev.atrium.node.worker.ipc.FrameType;
import dev.atrium.node.worker.ipc.Messages;
import java.io.IOException;
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
    private final Map<Long, Cancellation> running = new ConcurrentHashMap<>();
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

    private void accept(Frame frame) {
        if (frame.type() == FrameType.CANCEL) {
            Cancellation cancellation = running.get(frame.id());
            if (cancellation != null) {
                cancellation.cancel();
            }
            return;
        }
        Cancellation cancellation = new Cancellation();
        running.put(frame.id(), cancellation);
        threads.execute(() -> answer(frame, cancellation));
    }

    private void answer(Frame frame, Cancellation cancellation) {
        Reply reply = new Reply(frames, frame.id());
        try {
            try {
                models.answer(frame, cancellation, reply);
            } catch (EngineException e) {
                reply.failed(e.code(), e.message());
            } catch (FrameTooLargeException e) {
                reply.failed(
                        EngineException.failed("", null).code(),
                        "the answer is larger than a node may send");
            } catch (RuntimeException e) {
                e.printStackTrace();
                reply.failed(
                        EngineException.failed("", e).code(), "the model failed on this input");
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
            long micros = Math.max(1, (System.nanoTime() - startedNanos) / 1_000);
            usage = new NodeUsage(inputTokens, outputTokens, micros).withCached(cachedInputTokens);
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

        private void failed(String code, String message) throws IOException {
            NodeUsage spent =
                    used(usage.inputTokens(), usage.outputTokens(), usage.cachedInputTokens());
            send(FrameType.FAILED, new Messages.Failed(code, message, spent));
        }
    }
}
