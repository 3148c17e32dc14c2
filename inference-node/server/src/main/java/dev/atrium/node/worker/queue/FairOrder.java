package dev.atrium.node.worker.queue;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait, in the order in which they are to be computed: start-time fair queueing.
 *
 * <p>Each tenant has a clock that advances by what its calls cost, first by an estimate, later
 * corrected by what was measured; the tenant whose clock is behind all others has the next turn, so
 * that tenants which always have something waiting get equal parts of the model's time, however
 * many calls each sends and however dear they are. A tenant that comes back after a pause begins a
 * bounded credit before the time of the last turn given: who sends less than its part may send it
 * in bursts, and these go before whatever a flood has waiting, because a burst that had to share
 * its time with the flood would take longer than it did without one. More than the credit nobody
 * saves up.
 *
 * <p>Source: P. Goyal, H. M. Vin, H. Cheng, Start-time Fair Queueing, 1996. Not thread-safe.
 */
final class FairOrder<C extends Queued> {
    private static final class Line<C> {
        final ArrayDeque<Entry<C>> waiting = new ArrayDeque<>();
        double clock = Double.NEGATIVE_INFINITY;
        long bytes;
        int running;
    }

    /** A call and what its tenant was charged for it in advance. */
    static final class Entry<C> {
        final C call;
        final long enteredNanos;
        double charged;

        Entry(C call, long enteredNanos) {
            this.call = call;
            this.enteredNanos = enteredNanos;
        }
    }

    // In the order of their coming, so that equal clocks are no accident of hashing.
    private final Map<UUID, Line<C>> lines = new LinkedHashMap<>();
    private final Map<C, Entry<C>> entries = new HashMap<>();
    private int running;
    private double now;
    private double credit;
    private long bytes;

    int size() {
        return entries.size();
    }

    long bytes() {
        return bytes;
    }

    int waitingOf(UUID tenant) {
        Line<C> line = lines.get(tenant);
        return line == null ? 0 : line.waiting.size();
    }

    long bytesOf(UUID tenant) {
        Line<C> line = lines.get(tenant);
        return line == null ? 0 : line.bytes;
    }

    /** Tenants of which something waits. */
    int tenants() {
        int count = 0;
        for (Line<C> line : lines.values()) {
            count += line.waiting.isEmpty() ? 0 : 1;
        }
        return count;
    }

    /**
     * @param saved the most that its tenant may have saved up, in the unit of {@link #settle}
     */
    void add(C call, long nanos, double saved) {
        credit = saved;
        Line<C> line = lines.computeIfAbsent(call.tenant(), tenant -> new Line<>());
        if (line.waiting.isEmpty()) {
            line.clock = Math.max(line.clock, now - saved);
        }
        Entry<C> entry = new Entry<>(call, nanos);
        line.waiting.addLast(entry);
        line.bytes += call.bytes();
        entries.put(call, entry);
        bytes += call.bytes();
    }

    boolean remove(C call) {
        Entry<C> entry = entries.get(call);
        if (entry == null) {
            return false;
        }
        Line<C> line = line(call);
        line.waiting.remove(entry);
        taken(line, entry);
        forgetTheIdle();
        return true;
    }

    /**
     * The next call that fits; with it goes the turn of its tenant.
     *
     * @param cost expected of it, in the unit of {@link #settle}
     */
    Optional<Entry<C>> take(Predicate<C> fits, Cost<C> cost) {
        Line<C> best = null;
        Entry<C> found = null;
        for (Line<C> line : lines.values()) {
            if (best == null || line.clock < best.clock) {
                Entry<C> candidate = first(line, fits);
                if (candidate != null) {
                    best = line;
                    found = candidate;
                }
            }
        }
        if (best == null || found == null) {
            return Optional.empty();
        }
        best.waiting.remove(found);
        taken(best, found);
        best.running++;
        running++;
        now = Math.max(now, best.clock);
        found.charged = cost.of(found.call);
        best.clock += found.charged;
        return Optional.of(found);
    }

    interface Cost<C> {
        double of(C call);
    }

    private static <C> @Nullable Entry<C> first(Line<C> line, Predicate<C> fits) {
        for (Iterator<Entry<C>> each = line.waiting.iterator(); each.hasNext(); ) {
            Entry<C> entry = each.next();
            if (fits.test(entry.call)) {
                return entry;
            }
        }
        return null;
    }

    /** As if it had not been taken; entries go back in the opposite order. */
    void giveBack(Entry<C> entry) {
        Line<C> line = line(entry.call);
        line.running--;
        running--;
        line.clock -= entry.charged;
        line.waiting.addFirst(entry);
        line.bytes += entry.call.bytes();
        bytes += entry.call.bytes();
        entries.put(entry.call, entry);
    }

    /** A call that was taken has ended and cost so much in truth. */
    void settle(Entry<C> entry, double cost) {
        Line<C> line = line(entry.call);
        line.running--;
        running--;
        line.clock += cost - entry.charged;
        forgetTheIdle();
    }

    private Line<C> line(C call) {
        Line<C> line = lines.get(call.tenant());
        if (line == null) {
            throw new IllegalStateException("a call of a tenant that has none here");
        }
        return line;
    }

    private void taken(Line<C> line, Entry<C> entry) {
        entries.remove(entry.call);
        line.bytes -= entry.call.bytes();
        bytes -= entry.call.bytes();
    }

    /** Who has used something is remembered until that is past, or until nobody is left to mind. */
    private void forgetTheIdle() {
        if (running == 0 && entries.isEmpty()) {
            lines.clear();
            return;
        }
        lines.values()
                .removeIf(line ->
                        line.running == 0 && line.waiting.isEmpty() && line.clock <= now - credit);
    }
}
