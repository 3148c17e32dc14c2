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
 * <p>A call takes its unit of a rate, may then wait for other policies, and tells of it afterwards.
 * So each may be thought of at any time since it may have begun to wait; what is checked is that
 * there are such times at which all of them fit. In the order in which they tell, each as early as
 * it may be, finds them if there are any.
 */
final class RateBound {
    private static final double HAIR = 1e-6;

    /** Of a call that tells, since it took its unit: the gateway's own, {@code longest-wait}. */
    private static final long LONGEST_WAIT = Timeline.SECOND / 4;

    private static final long ROUNDING = Timeline.SECOND / 1_000_000;

    /**
     * @param at when it may have taken its unit
     */
    private record Admission(long told, long at) {}

    private final FeedPolicy policy;
    private final double burst;
    private final long window;
    private final Deque<Admission> admitted = new ArrayDeque<>();
    private final Deque<Long> ends = new ArrayDeque<>();
    private double credit;
    private long at;

    RateBound(FeedPolicy policy, long now) {
        this.policy = policy;
        this.burst = policy.burst() == null ? policy.amount() : policy.burst();
        this.window = (policy.window() == Window.SECOND ? 1 : 60) * Timeline.SECOND;
        this.credit = burst;
        this.at = now;
    }

    boolean isOf(String key) {
        return key.equals(policy.subject().apiKeyId());
    }

    /**
     * @return whether it is within the bound
     */
    boolean admit(long now) {
        refill(Math.max(at, now - LONGEST_WAIT));
        refill(Math.max(at, Math.max(whenThereIsCredit(), whenThereIsRoom())));
        credit--;
        admitted.addLast(new Admission(now, at));
        return at <= now + ROUNDING;
    }

    private long whenThereIsCredit() {
        if (policy.amount() == 0) {
            return Long.MAX_VALUE;
        }
        double missing = 1 - HAIR - credit;
        return missing <= 0 ? at : at + (long) Math.ceil(missing * window / policy.amount());
    }

    /** In the window, where that is what is promised. */
    private long whenThereIsRoom() {
        if (burst != policy.amount() || burst == 0) {
            return at;
        }
        long over = admitted.size() + 1 - (long) burst * (1 + ends.size());
        return over <= 0
                ? at
                : admitted.stream().skip(over - 1).findFirst().orElseThrow().at() + window;
    }

    /**
     * What was taken was not used.
     *
     * @param taken when
     */
    void giveBack(long taken, long now) {
        refill(Math.max(at, now - LONGEST_WAIT));
        credit = Math.min(burst, credit + 1);
        admitted.stream()
                .filter(each -> each.told() == taken)
                .findFirst()
                .ifPresent(admitted::remove);
    }

    /** A lease has ended whose slices may have just been used, and are full for the next holder. */
    void end(long now) {
        refill(Math.max(at, now));
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
        admitted.removeIf(taken -> now - taken.at() >= window);
        ends.removeIf(end -> now - end >= window);
    }
}
