package dev.atrium.simulation;

import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.Window;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What all gateways together may admit of a rate: in any time t at most {@code burst + rate x t},
 * and where the burst is the amount, at most that in any window. Each end of a gateway's lease
 * allows as much once more, as docs/limits.md says.
 *
 * <p>Told of every unit at the moment at which it is taken. Gateways go by their own clocks, which
 * drift, so a window of theirs may be that much shorter.
 */
final class RateBound {
    private static final double HAIR = 1e-6;

    private final FeedPolicy policy;
    private final double burst;
    private final long window;
    private final Deque<Long> taken = new ArrayDeque<>();
    private final Deque<Long> ends = new ArrayDeque<>();
    private double credit;
    private long at;

    RateBound(FeedPolicy policy, long now) {
        this.policy = policy;
        this.burst = policy.burst() == null ? policy.amount() : policy.burst();
        long longest = (policy.window() == Window.SECOND ? 1 : 60) * Timeline.SECOND;
        this.window = (long) (longest / (1 + 2 * MachineClock.MOST_DRIFT));
        this.credit = burst;
        this.at = now;
    }

    boolean isOf(String key) {
        return key.equals(policy.subject().apiKeyId());
    }

    /**
     * @return whether it is within the bound
     */
    boolean take(long now) {
        refill(now);
        boolean fits = credit > 1 - HAIR && isRoomInWindow();
        credit--;
        taken.addLast(now);
        return fits;
    }

    /** In the window, where that is what is promised. */
    private boolean isRoomInWindow() {
        return burst != policy.amount() || taken.size() < burst * (1 + ends.size());
    }

    /**
     * What was taken was not used.
     *
     * @param when it was taken
     */
    void giveBack(long when, long now) {
        refill(now);
        credit = Math.min(burst, credit + 1);
        taken.removeFirstOccurrence(when);
    }

    /** A lease has ended whose slices may have just been used, and are full for the next holder. */
    void end(long now) {
        refill(now);
        credit = burst;
        ends.addLast(now);
    }

    @Override
    public String toString() {
        return policy + " with " + ends.size() + " ends of leases lately";
    }

    private void refill(long now) {
        credit = Math.min(burst, credit + (double) policy.amount() / window * (now - at));
        at = now;
        taken.removeIf(time -> now - time >= window);
        ends.removeIf(end -> now - end >= window);
    }
}
