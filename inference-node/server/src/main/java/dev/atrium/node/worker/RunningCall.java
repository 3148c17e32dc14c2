package dev.atrium.node.worker;

import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.ipc.Messages;
import dev.atrium.node.worker.ipc.ProtocolException;
import dev.atrium.node.worker.queue.ModelQueue;
import dev.atrium.node.worker.queue.Queued;
import dev.atrium.registry.api.usage.Energy;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call: waits for its turn, is part of a {@link Batch}, and ends exactly once.
 *
 * <p>A cancelled or late call is not over until the worker says so, because until then it has its
 * part of a computation; a worker that does not say so within the grace time is killed.
 */
final class RunningCall implements Call, Queued {
    private enum State {
        WAITING,
        RUNNING,
        ENDED
    }

    /**
     * @param onSent runs once when the inputs' memory is not needed any more
     */
    record Request(Asked asked, CallTerms terms, Runnable onSent, BelievedUsage usage) {}

    private final Request request;
    private final WorkerProcess worker;
    private final Duration cancelGrace;
    private final long bytes;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final CompletableFuture<Ending> ended = new CompletableFuture<>();
    private final ModelQueue<RunningCall> queue;
    private State state = State.WAITING;
    private @Nullable Batch batch;
    private @Nullable EngineException stopping;
    private @Nullable ScheduledFuture<?> alarm;
    private int deltas;

    RunningCall(
            WorkerProcess worker,
            ModelQueue<RunningCall> queue,
            Request request,
            Duration cancelGrace) {
        this.worker = worker;
        this.queue = queue;
        this.request = request;
        this.bytes = request.asked().bytes();
        this.cancelGrace = cancelGrace;
    }

    /** Whether there was room in the queue; without it the call is as if it had never been. */
    boolean enter() {
        if (!queue.enter(this)) {
            request.onSent().run();
            return false;
        }
        setAlarm(request.terms().deadline().left(), this::expire);
        return true;
    }

    @Override
    public UUID tenant() {
        return request.terms().tenant();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public int rows() {
        return request.asked().rows();
    }

    @Override
    public @Nullable Object joinKey() {
        return request.asked().joinKey();
    }

    @Override
    public long deadlineNanos() {
        return request.terms().deadline().nanoTime();
    }

    Asked asked() {
        return request.asked();
    }

    @Override
    public CompletableFuture<Answer> answer() {
        return answer;
    }

    @Override
    public CompletableFuture<Ending> ended() {
        return ended;
    }

    /** Until the worker has said more, its part of the time since the worker got it. */
    @Override
    public NodeUsage usage() {
        return state() == State.RUNNING ? request.usage().untilNow() : request.usage().known();
    }

    private synchronized State state() {
        return state;
    }

    /** Whether it can still be computed; otherwise it has ended with this. */
    boolean begin(Batch with, double part) {
        EngineException why;
        synchronized (this) {
            why = stopping;
            if (state == State.WAITING && why == null) {
                state = State.RUNNING;
                batch = with;
                request.usage().started(part);
            }
        }
        if (why != null) {
            endWaiting(why);
        }
        return state() == State.RUNNING;
    }

    /** Whether it may be sent now; otherwise it has ended with this. */
    boolean start() {
        try {
            request.terms().onStart().run();
            return true;
        } catch (RuntimeException e) {
            sent();
            end(EngineException.failed("the call could not be started", e));
            return false;
        }
    }

    void sent() {
        request.onSent().run();
    }

    @Override
    public void cancel() {
        stop(EngineException.cancelled());
    }

    private void expire() {
        stop(tooLate());
    }

    private static EngineException tooLate() {
        return new EngineException(
                NodeError.DEADLINE_EXCEEDED, "the model did not answer before the deadline", null);
    }

    /** Its turn came when the deadline could not be met any more. */
    void expireWaiting() {
        endWaiting(tooLate());
    }

    private void stop(EngineException why) {
        if (queue.withdraw(this)) {
            endWaiting(why);
            return;
        }
        Batch running;
        synchronized (this) {
            if (state == State.ENDED || stopping != null) {
                return;
            }
            stopping = why;
            running = batch;
        }
        answer.completeExceptionally(why);
        if (running != null) {
            running.stop(this);
        }
        setAlarm(cancelGrace, this::killIfStillRunning);
    }

    private void endWaiting(EngineException why) {
        if (!becomeEnded()) {
            return;
        }
        request.onSent().run();
        answer.completeExceptionally(why);
        ended.complete(new Ending(false, NodeUsage.NONE, why));
    }

    private synchronized boolean becomeEnded() {
        if (state == State.ENDED) {
            return false;
        }
        state = State.ENDED;
        if (alarm != null) {
            alarm.cancel(false);
        }
        return true;
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
            alarm = Alarms.after(delay, task);
        }
    }

    boolean isEnded() {
        return state() == State.ENDED;
    }

    /** A piece of a conversation. */
    void delta(Messages.Delta delta) throws ProtocolException {
        request.usage().said(delta.usage());
        if (!(asked() instanceof Asked.Conversation chat) || ++deltas > chat.maxDeltas()) {
            throw new ProtocolException("more pieces than were asked for");
        }
        NodeUsage used = delta.usage().with(request.usage().known().energy());
        chat.onDelta().accept(new Messages.Delta(delta.text(), delta.finishReason(), used));
    }

    boolean hasEnergy() {
        return request.usage().known().energy() != null;
    }

    void took(@Nullable Energy energy) {
        request.usage().took(energy);
    }

    /** As the worker says, where that can be. */
    void said(NodeUsage used) {
        request.usage().said(used);
    }

    NodeUsage known() {
        return request.usage().known();
    }

    void answered(List<Tensor> outputs) {
        answer.complete(new Answer(outputs, known()));
        end(null);
    }

    void lost() {
        request.usage().lost();
        end(EngineException.failed("the model's process ended during the call", null));
    }

    void end(@Nullable EngineException failure) {
        if (!becomeEnded()) {
            return;
        }
        EngineException why = stopping != null ? stopping : failure;
        if (why != null) {
            answer.completeExceptionally(why);
        }
        ended.complete(new Ending(true, known(), why));
    }
}
