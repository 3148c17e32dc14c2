package dev.atrium.node.worker.child;

import dev.atrium.node.engine.Cancellation;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Who of a batch still wants an answer. A call that is cancelled while others go on is released at
 * once; the computation itself is stopped when nobody is left.
 */
final class BatchedCalls {

    /** Tells the supervisor that a call has ended before its batch. */
    interface Release {
        void cancelled(int call) throws IOException;
    }

    private final Cancellation together = new Cancellation();
    private final BitSet gone = new BitSet();
    private final BitSet told = new BitSet();
    private int count;
    private int alone = -1;
    private @Nullable Cancellation own;
    private @Nullable Release release;
    private boolean ended;

    /** Stops the joint computation. */
    Cancellation together() {
        return together;
    }

    /** From here on it is known how many calls there are; some may be cancelled already. */
    synchronized void begin(int calls, Release released) throws IOException {
        count = calls;
        release = released;
        for (int call = gone.nextSetBit(0); call >= 0; call = gone.nextSetBit(call + 1)) {
            leave(call);
        }
    }

    /** A wish of the supervisor; one for a call that does not exist or has ended means nothing. */
    synchronized void cancel(int call) throws IOException {
        if (ended || call < 0 || gone.get(call)) {
            return;
        }
        gone.set(call);
        if (count > 0) {
            leave(call);
        }
    }

    private void leave(int call) throws IOException {
        if (call == alone && own != null) {
            own.cancel();
        } else if (alone < 0 && gone.cardinality() >= count) {
            together.cancel();
        } else {
            release(call);
        }
    }

    private void release(int call) throws IOException {
        if (release != null && call < count && !told.get(call)) {
            told.set(call);
            release.cancelled(call);
        }
    }

    /** The calls are computed one by one now, and this one is next; null when it is gone. */
    synchronized @Nullable Cancellation next(int call) throws IOException {
        alone = call;
        if (gone.get(call)) {
            release(call);
            return null;
        }
        told.set(call);
        own = new Cancellation();
        return own;
    }

    /** Whether its caller waits, and has no answer. */
    synchronized boolean isWanted(int call) {
        return !gone.get(call) && !told.get(call);
    }

    /**
     * The call is answered while others go on.
     *
     * @return false when it has had its last word
     */
    synchronized boolean answer(int call) {
        if (told.get(call)) {
            return false;
        }
        told.set(call);
        gone.set(call);
        return true;
    }

    /** No call can be cancelled any more; what is said after this is the batch's last word. */
    synchronized void end() {
        ended = true;
    }
}
