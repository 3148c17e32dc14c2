package dev.atrium.node.inference;

import dev.atrium.node.usage.AttemptKey;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** Remembers every used (call, attempt) until its grant can no longer be valid. */
final class UsedGrants {

    enum Use {
        FIRST,
        REPEATED,
        /** Nothing more can be remembered. */
        FULL
    }

    private record Entry(AttemptKey key, Instant forgetAt) {}

    private final int most;
    private final Set<AttemptKey> used = new HashSet<>();
    private final Deque<Entry> inOrder = new ArrayDeque<>();

    UsedGrants(int most) {
        this.most = most;
    }

    /**
     * @param forgetAt when the grant can no longer be valid; entries are forgotten in the order of
     *     use, so a long one delays those behind it
     */
    synchronized Use use(AttemptKey key, Instant now, Instant forgetAt) {
        while (!inOrder.isEmpty() && inOrder.getFirst().forgetAt().isBefore(now)) {
            used.remove(inOrder.removeFirst().key());
        }
        if (used.contains(key)) {
            return Use.REPEATED;
        }
        if (used.size() >= most) {
            return Use.FULL;
        }
        used.add(key);
        inOrder.addLast(new Entry(key, forgetAt));
        return Use.FIRST;
    }
}
