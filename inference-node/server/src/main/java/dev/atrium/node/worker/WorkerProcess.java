package dev.atrium.node.worker;

import dev.atrium.node.energy.EnergyEstimator;
import dev.atrium.node.worker.ipc.Frame;
import dev.atrium.node.worker.ipc.FrameChannel;
import dev.atrium.node.worker.ipc.FrameType;
import dev.atrium.node.worker.ipc.Messages;
import dev.atrium.node.worker.ipc.ProtocolException;
import dev.atrium.node.worker.wall.Enclosure;
import dev.atrium.node.worker.wall.ProcessEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One child process and the conversation with it. */
final class WorkerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);

    private static final Duration LAST_MOMENT = Duration.ofSeconds(1);

    /** Gets everything that a worker says about one request. */
    interface Replies {
        /** Called by the thread that reads for all requests: must not block. */
        void received(Frame frame) throws ProtocolException;

        /** There will be no answer. */
        void lost(WorkerDeath death);
    }

    private final Enclosure enclosure;
    private final Process process;
    private final FrameChannel frames;
    private final LastWords lastWords;
    private final Runnable clear;
    private final EnergyMeter energy;
    private final AtomicLong nextId = new AtomicLong();
    private final Map<Long, Replies> pending = new ConcurrentHashMap<>();
    private final CompletableFuture<WorkerDeath> death = new CompletableFuture<>();

    WorkerProcess(
            Enclosure enclosure,
            FrameChannel frames,
            LastWords lastWords,
            Runnable clear,
            EnergyEstimator estimator) {
        this.enclosure = enclosure;
        this.process = enclosure.process();
        this.frames = frames;
        this.lastWords = lastWords;
        this.clear = clear;
        this.energy = new EnergyMeter(estimator, () -> ProcessCpu.nanos(enclosure.pid()));
    }

    void listen() {
        Thread.ofVirtual().name("worker-" + pid()).start(this::read);
        ProcessEnd.of(process).thenAccept(this::ended);
    }

    CompletableFuture<WorkerDeath> death() {
        return death;
    }

    long pid() {
        return enclosure.pid();
    }

    /**
     * Sends a request; its last word, or the loss of the worker, reaches {@code replies} whatever
     * happens. May block while the socket is full.
     *
     * @return names the request in {@link #cancel}
     * @throws dev.atrium.node.worker.ipc.FrameTooLargeException when nothing was sent
     */
    long request(FrameType type, Object head, Replies replies, ByteBuffer... body)
            throws IOException {
        long id = nextId.incrementAndGet();
        pending.put(id, replies);
        if (death.isDone()) {
            lose(id, death.join());
            return id;
        }
        try {
            frames.send(type, id, Messages.write(head), body);
        } catch (dev.atrium.node.worker.ipc.FrameTooLargeException e) {
            pending.remove(id);
            throw e;
        } catch (IOException e) {
            // Whoever cannot be written to is gone or as good as gone.
            kill();
        }
        return id;
    }

    /**
     * @param call place in the batch that the request is
     */
    void cancel(long id, int call) {
        if (pending.containsKey(id)) {
            try {
                frames.send(FrameType.CANCEL, id, Messages.write(new Messages.Cancel(call)));
            } catch (IOException e) {
                kill();
            }
        }
    }

    void kill() {
        enclosure.end();
    }

    EnergyMeter energy() {
        return energy;
    }

    /** Resident memory as the kernel counts it; 0 when it cannot be read. */
    long residentBytes() {
        return ProcessMemory.residentBytes(pid());
    }

    private void read() {
        try {
            Optional<Frame> next = frames.receive();
            while (next.isPresent()) {
                dispatch(next.get());
                next = frames.receive();
            }
            awaitEnd();
        } catch (IOException | RuntimeException e) {
            if (process.isAlive()) {
                LOG.warn("worker {} is killed: {}", pid(), e.getMessage());
            }
        } finally {
            kill();
        }
    }

    /** What stands around a process outlives it by a moment, and only then says how it ended. */
    private void awaitEnd() {
        try {
            process.waitFor(LAST_MOMENT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void dispatch(Frame frame) throws ProtocolException {
        boolean last = frame.type() != FrameType.DELTA && frame.type() != FrameType.PART;
        Replies replies = last ? pending.remove(frame.id()) : pending.get(frame.id());
        if (replies == null) {
            throw new ProtocolException("an answer to no request");
        }
        try {
            replies.received(frame);
        } catch (ProtocolException | RuntimeException e) {
            // Its end comes with the worker's.
            pending.putIfAbsent(frame.id(), replies);
            throw e;
        }
    }

    private void ended(Process ended) {
        try {
            frames.close();
        } catch (IOException e) {
            LOG.debug("the socket of worker {} does not close", ended.pid(), e);
        }
        WorkerDeath how = WorkerDeath.of(enclosure, ended.exitValue(), lastWords.ofTheDead());
        death.complete(how);
        pending.keySet().forEach(id -> lose(id, how));
        clear.run();
    }

    private void lose(long id, WorkerDeath how) {
        Replies replies = pending.remove(id);
        if (replies != null) {
            replies.lost(how);
        }
    }
}
