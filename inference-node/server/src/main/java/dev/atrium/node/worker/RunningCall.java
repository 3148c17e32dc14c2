package dev.atrium.node.worker;

import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.worker.WorkerProcess.Replies;
import dev.atrium.node.worker.ipc.Frame;
import dev.atrium.node.worker.ipc.FrameTooLargeException;
import dev.atrium.node.worker.ipc.FrameType;
import dev.atrium.node.worker.ipc.Messages;
import dev.atrium.node.worker.ipc.ProtocolException;
import dev.atrium.node.worker.ipc.TensorBodies;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Waits for its turn, goes to the worker, and ends exactly once.
 *
 * <p>A cancelled or late call keeps its place until the worker confirms the end, because until then
 * it keeps its cores; a worker that does not confirm within the grace time is killed.
 */
final class RunningCall implements Call, Replies {
    private static final Executor BACKGROUND = task -> Thread.ofVirtual().start(task);
    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private enum State {
        WAITING,
        RUNNING,
        ENDED
    }

    private final WorkerProcess worker;
    private final Gate gate;
    private final Request request;
    private final Duration cancelGrace;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final CompletableFuture<Ending> ended = new CompletableFuture<>();
    private final Runnable turn = () -> BACKGROUND.execute(this::run);
    private State state = State.WAITING;
    private @Nullable EngineException stopping;
    private @Nullable ScheduledFuture<?> alarm;
    private volatile EnergyMeter.@Nullable Share share;
    private long id;

    /**
     * @param onStart runs right before the request goes to the worker; when it throws, it does not
     * @param onSent runs once when the body is not needed any more
     * @param onDelta gets pieces of generations; must not block
     * @param maxDeltas more pieces than this break the protocol
     */
    record Request(
            FrameType type,
            Object head,
            ByteBuffer[] body,
            Deadline deadline,
            Runnable onStart,
            Runnable onSent,
            @Nullable Consumer<Messages.Delta> onDelta,
            int maxDeltas,
            BelievedUsage usage) {}

    private int deltas;

    RunningCall(WorkerProcess worker, Gate gate, Request request, Duration cancelGrace) {
        this.worker = worker;
        this.gate = gate;
        this.request = request;
        this.cancelGrace = cancelGrace;
    }

    private static ScheduledThreadPoolExecutor clock() {
        ThreadFactory threads = Thread.ofPlatform().daemon().name("call-alarms").factory();
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, threads);
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    /** Whether there was room in the queue; without it the call is as if it had never been. */
    boolean enter() {
        if (!gate.enter(turn)) {
            request.onSent().run();
            return false;
        }
        setAlarm(request.deadline().left(), this::expire);
        return true;
    }

    @Override
    public CompletableFuture<Answer> answer() {
        return answer;
    }

    @Override
    public CompletableFuture<Ending> ended() {
        return ended;
    }

    /** Until the worker has said more, the time since it got the call. */
    @Override
    public NodeUsage usage() {
        return state() == State.RUNNING ? request.usage().untilNow() : request.usage().known();
    }

    private synchronized State state() {
        return state;
    }

    private void run() {
        if (!begin()) {
            gate.leave();
            return;
        }
        try {
            request.onStart().run();
            long sent = worker.request(request.type(), request.head(), this, request.body());
            remember(sent);
        } catch (FrameTooLargeException e) {
            end(EngineException.invalidInput("the input is larger than a node takes"));
        } catch (IOException | RuntimeException e) {
            end(EngineException.failed("the call could not be started", e));
        } finally {
            request.onSent().run();
        }
    }

    private synchronized boolean begin() {
        if (state != State.WAITING) {
            return false;
        }
        state = State.RUNNING;
        request.usage().started();
        share = worker.energy().begin();
        return true;
    }

    private void remember(long sent) {
        boolean stop;
        synchronized (this) {
            id = sent;
            stop = stopping != null;
        }
        if (stop) {
            worker.cancel(sent);
        }
    }

    @Override
    public void cancel() {
        stop(EngineException.cancelled());
    }

    private void expire() {
        stop(
                new EngineException(
                        NodeError.DEADLINE_EXCEEDED,
                        "the model did not answer before the deadline",
                        null));
    }

    private void stop(EngineException why) {
        if (gate.withdraw(turn)) {
            endWaiting(why);
            return;
        }
        long running;
        synchronized (this) {
            if (state == State.ENDED || stopping != null) {
                return;
            }
            stopping = why;
            running = id;
        }
        answer.completeExceptionally(why);
        if (running != 0) {
            BACKGROUND.execute(() -> worker.cancel(running));
        }
        setAlarm(cancelGrace, this::killIfStillRunning);
    }

    private void endWaiting(EngineException why) {
        synchronized (this) {
            state = State.ENDED;
            if (alarm != null) {
                alarm.cancel(false);
            }
        }
        request.onSent().run();
        answer.completeExceptionally(why);
        ended.complete(new Ending(false, NodeUsage.NONE, why));
    }

    private void killIfStillRunning() {
        if (!ended.isDone()) {
            worker.kill();
        }
    }

    /** One alarm at a time; one that is not needed any more must not hold the call in memory. */
    private synchronized void setAlarm(Duration delay, Runnable task) {
        if (alarm != null) {
            alarm.cancel(false);
        }
        if (state != State.ENDED) {
            alarm =
                    CLOCK.schedule(
                            () -> BACKGROUND.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void received(Frame frame) throws ProtocolException {
        switch (frame.type()) {
            case DELTA -> delta(Messages.read(frame.head(), Messages.Delta.class));
            case RESULT -> {
                Messages.Result result = Messages.read(frame.head(), Messages.Result.class);
                request.usage().said(result.usage());
                estimate();
                var outputs = TensorBodies.tensors(result.outputs(), frame.body());
                answer.complete(new Answer(outputs, request.usage().known()));
                end(null);
            }
            case FAILED -> {
                Messages.Failed failed = Messages.read(frame.head(), Messages.Failed.class);
                request.usage().said(failed.usage());
                estimate();
                end(new EngineException(failed.code(), failed.message(), null));
            }
            default -> throw new ProtocolException("not an answer to a call");
        }
    }

    private void delta(Messages.Delta delta) throws ProtocolException {
        request.usage().said(delta.usage());
        if (request.onDelta() == null || ++deltas > request.maxDeltas()) {
            throw new ProtocolException("more pieces than were asked for");
        }
        if (delta.finishReason() != null) {
            estimate();
        }
        NodeUsage used = delta.usage().with(request.usage().known().energy());
        request.onDelta().accept(new Messages.Delta(delta.text(), delta.finishReason(), used));
    }

    /** Once: the reader of the last piece and the journal must agree. */
    private void estimate() {
        EnergyMeter.Share begun = share;
        if (begun != null && request.usage().known().energy() == null) {
            request.usage().took(worker.energy().soFar(begun));
        }
    }

    @Override
    public void lost(WorkerDeath death) {
        request.usage().lost();
        end(EngineException.failed("the model's process ended during the call", null));
    }

    private void end(@Nullable EngineException failure) {
        synchronized (this) {
            if (state == State.ENDED) {
                return;
            }
            state = State.ENDED;
            if (alarm != null) {
                alarm.cancel(false);
            }
        }
        if (share != null) {
            worker.energy().end();
        }
        gate.leave();
        EngineException why = stopping != null ? stopping : failure;
        if (why != null) {
            answer.completeExceptionally(why);
        }
        ended.complete(new Ending(true, request.usage().known(), why));
    }
}
