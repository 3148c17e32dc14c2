package dev.atrium.node.worker;

import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.WorkerProcess.Replies;
import dev.atrium.node.worker.ipc.Frame;
import dev.atrium.node.worker.ipc.FrameTooLargeException;
import dev.atrium.node.worker.ipc.Messages;
import dev.atrium.node.worker.ipc.ProtocolException;
import dev.atrium.node.worker.ipc.TensorBodies;
import dev.atrium.node.worker.queue.Turn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Calls that go to the worker as one request, and what comes back for each.
 *
 * <p>What the batch used is shared out by tokens, or where there are none by rows, so that the
 * calls' figures add up to it. A call that is cancelled while others go on is released by the
 * worker and pays its part of the time until then; the batch itself is cancelled with its last
 * call.
 */
final class Batch implements Replies {
    /** What a model makes of its batches. */
    interface Observer {
        void sent(Turn<RunningCall> turn);

        void ended(RunningCall call);

        /** Failed as a whole, though each of its calls is fine by itself. */
        void wasNoBatch();
    }

    /** Of one call; beyond it figures would not even add up. */
    private static final long MOST_TOKENS = 1L << 40;

    private final WorkerProcess worker;
    private final long key;
    private final Turn<RunningCall> turn;
    private final Observer observer;
    private final BatchUsage usage;
    private final List<RunningCall> calls = new ArrayList<>();
    private final Set<RunningCall> stopped = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean anyFailed;
    private long id;
    private boolean over;

    Batch(WorkerProcess worker, long key, Turn<RunningCall> turn, Observer observer) {
        this.worker = worker;
        this.key = key;
        this.turn = turn;
        this.observer = observer;
        this.usage = new BatchUsage(worker.energy());
    }

    /** May block while the socket is full. */
    void run() {
        usage.begin();
        try {
            gather();
            if (calls.isEmpty()) {
                over();
            } else {
                observer.sent(turn);
                send();
            }
        } catch (FrameTooLargeException e) {
            fail(EngineException.invalidInput("the input is larger than a node takes"));
        } catch (IOException | RuntimeException e) {
            fail(EngineException.failed("the call could not be started", e));
        } finally {
            calls.forEach(RunningCall::sent);
        }
    }

    private void gather() {
        long rows = turn.rows();
        for (RunningCall call : turn.calls()) {
            if (call.begin(this, (double) call.rows() / rows) && call.start()) {
                calls.add(call);
            }
        }
    }

    private void send() throws IOException {
        BatchMessage message =
                BatchMessage.of(key, calls.stream().map(RunningCall::asked).toList());
        long sent = worker.request(message.type(), message.head(), this, message.body());
        List<RunningCall> unwanted;
        synchronized (this) {
            id = sent;
            unwanted = List.copyOf(stopped);
        }
        unwanted.forEach(call -> cancel(sent, call));
    }

    private void cancel(long sent, RunningCall call) {
        int index = calls.indexOf(call);
        if (index >= 0) {
            worker.cancel(sent, index);
        }
    }

    /** The call is not wanted any more; the worker will say when it is over. */
    void stop(RunningCall call) {
        long sent;
        synchronized (this) {
            stopped.add(call);
            sent = id;
        }
        if (sent != 0) {
            Alarms.BACKGROUND.execute(() -> cancel(sent, call));
        }
    }

    @Override
    public void received(Frame frame) throws ProtocolException {
        switch (frame.type()) {
            case DELTA -> delta(Messages.read(frame.head(), Messages.Delta.class));
            case PART -> part(Messages.read(frame.head(), Messages.Part.class), frame.body());
            case RESULT -> result(Messages.read(frame.head(), Messages.Result.class), frame.body());
            case FAILED -> failed(Messages.read(frame.head(), Messages.Failed.class));
            default -> throw new ProtocolException("not an answer to a call");
        }
    }

    private void delta(Messages.Delta delta) throws ProtocolException {
        if (calls.size() != 1) {
            throw new ProtocolException("a piece for a batch");
        }
        if (delta.finishReason() != null) {
            usage.takeEnergy(calls.getFirst());
        }
        calls.getFirst().delta(delta);
    }

    private void part(Messages.Part part, ByteBuffer body) throws ProtocolException {
        if (part.call() < 0 || part.call() >= calls.size() || calls.get(part.call()).isEnded()) {
            throw new ProtocolException("the end of a call that does not run");
        }
        RunningCall call = calls.get(part.call());
        Messages.Failed failure = part.failure();
        List<Tensor> outputs = TensorBodies.tensors(part.outputs(), body);
        usage.ofOne(call, part.usage());
        if (failure == null) {
            call.answered(outputs);
        } else {
            anyFailed = true;
            call.end(new EngineException(failure.code(), failure.message(), failure.param(), null));
        }
    }

    private void result(Messages.Result result, ByteBuffer body) throws ProtocolException {
        List<Tensor> outputs = TensorBodies.tensors(result.outputs(), body);
        List<RunningCall> left = left();
        if (calls.size() == 1) {
            usage.ofAll(left, result.usage());
            over();
            left.forEach(call -> call.answered(outputs));
            return;
        }
        if (left.isEmpty()) {
            over();
            if (result.wereNoBatch() && !anyFailed) {
                observer.wasNoBatch();
            }
            return;
        }
        long rows = calls.stream().mapToLong(RunningCall::rows).sum();
        if (outputs.isEmpty() || !outputs.stream().allMatch(output -> output.hasRows(rows))) {
            throw new ProtocolException("not the rows of a batch");
        }
        usage.share(left, result.usage(), tokens(result));
        over();
        answer(outputs);
    }

    /** By place in the batch; none where the worker does not count them. */
    private Map<RunningCall, Long> tokens(Messages.Result result) {
        Map<RunningCall, Long> tokens = new IdentityHashMap<>();
        for (int i = 0; i < calls.size() && result.tokens().size() == calls.size(); i++) {
            tokens.put(calls.get(i), Math.clamp(result.tokens().get(i), 0, MOST_TOKENS));
        }
        return tokens;
    }

    private void answer(List<Tensor> outputs) {
        long from = 0;
        for (RunningCall call : calls) {
            if (!call.isEnded()) {
                long begin = from;
                call.answered(
                        outputs.stream().map(output -> output.rows(begin, call.rows())).toList());
            }
            from += call.rows();
        }
    }

    private void failed(Messages.Failed failed) {
        List<RunningCall> left = left();
        usage.ofAll(left, failed.usage());
        fail(new EngineException(failed.code(), failed.message(), failed.param(), null));
    }

    private void fail(EngineException why) {
        List<RunningCall> left = left();
        over();
        left.forEach(call -> call.end(why));
    }

    @Override
    public void lost(WorkerDeath death) {
        left().forEach(RunningCall::lost);
        over();
    }

    private List<RunningCall> left() {
        return calls.stream().filter(call -> !call.isEnded()).toList();
    }

    /** The next batch is not kept waiting for answers of this one to be written. */
    private void over() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        usage.end();
        calls.forEach(observer::ended);
        turn.end(turn.calls().stream().mapToDouble(call -> call.known().computeMicros()).toArray());
    }
}
