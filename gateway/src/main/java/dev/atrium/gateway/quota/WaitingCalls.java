package dev.atrium.gateway.quota;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The calls that wait for more of one policy, first come first served. All that wait at a moment
 * share the next request; those that come while it is under way share the one after it.
 */
final class WaitingCalls {
    private final int most;
    private final List<Waiter> waiting = new ArrayList<>();
    private List<Waiter> asked = List.of();

    WaitingCalls(int most) {
        this.most = most;
    }

    /**
     * @return whether there was room for one more
     */
    synchronized boolean add(Waiter waiter) {
        waiting.removeIf(each -> !each.isWaiting());
        return waiting.size() < most && waiting.add(waiter);
    }

    /**
     * Those that take part in the request that is about to be made.
     *
     * @param isServed serves a call from what is here, if it can
     */
    synchronized List<Waiter> ask(Predicate<Waiter> isServed) {
        asked = waiting.stream().filter(Waiter::isWaiting).filter(isServed.negate()).toList();
        waiting.clear();
        return asked;
    }

    /**
     * Those of the request that has been answered; they take part in the next one no more.
     *
     * @param isServed serves a call, if it can now
     */
    synchronized List<Waiter> answered(Predicate<Waiter> isServed) {
        List<Waiter> left =
                asked.stream().filter(Waiter::isWaiting).filter(isServed.negate()).toList();
        asked = List.of();
        return left;
    }

    /** Puts calls before those that came after them. */
    synchronized void askAgain(List<Waiter> first) {
        waiting.addAll(0, first);
    }
}
