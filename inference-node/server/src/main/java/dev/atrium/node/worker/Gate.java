package dev.atrium.node.worker;

import java.util.ArrayDeque;
import java.util.Deque;

/** A bounded queue in front of a bounded number of places; first come, first served. */
final class Gate {
    private final int places;
    private final int maxWaiting;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int taken;

    Gate(int places, int maxWaiting) {
        this.places = places;
        this.maxWaiting = maxWaiting;
    }

    /**
     * Takes a place or a turn in the queue.
     *
     * @param admitted runs when the place is there, maybe at once, and must not block; the place
     *     stays taken until {@link #leave}
     * @return whether there was room
     */
    boolean enter(Runnable admitted) {
        synchronized (this) {
            if (taken == places) {
                return waiting.size() < maxWaiting && waiting.add(admitted);
            }
            taken++;
        }
        admitted.run();
        return true;
    }

    /** Whether it was still waiting, and now is not. */
    synchronized boolean withdraw(Runnable admitted) {
        return waiting.remove(admitted);
    }

    void leave() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                taken--;
                return;
            }
        }
        next.run();
    }

    synchronized int inFlight() {
        return taken + waiting.size();
    }
}
