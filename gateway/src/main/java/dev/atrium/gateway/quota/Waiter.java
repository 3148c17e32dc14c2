package dev.atrium.gateway.quota;

import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.MonoSink;

/** A call that waits for more of one policy. Ends once: served, refused, too late or given up. */
final class Waiter {
    final long least;
    final long most;
    private final Reservation reservation;
    private final MonoSink<Decision> sink;
    private final AtomicBoolean ended = new AtomicBoolean();

    Waiter(long least, long most, Reservation reservation, MonoSink<Decision> sink) {
        this.least = least;
        this.most = most;
        this.reservation = reservation;
        this.sink = sink;
    }

    boolean isWaiting() {
        return !ended.get();
    }

    /** What was taken goes to the call, or back if that has ended meanwhile. */
    void serve(Take take, long now) {
        if (ended.compareAndSet(false, true) && reservation.add(take)) {
            sink.success(Decision.GRANTED);
        } else {
            take.allowance().release(take, now);
        }
    }

    void end(Decision decision) {
        if (ended.compareAndSet(false, true)) {
            sink.success(decision);
        }
    }

    void giveUp() {
        ended.set(true);
    }
}
