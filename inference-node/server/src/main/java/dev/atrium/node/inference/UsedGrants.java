package dev.atrium.node.inference;

import dev.atrium.node.usage.AttemptKey;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Remembers every used (call, attempt) until its grant can no longer be valid.
 *
 * <p>Millions of them, so they are numbers in tables, one table after the other, and a table is
 * forgotten as a whole: as objects each collection of the heap's young part would look after them.
 */
final class UsedGrants {
    /** An attempt is remembered up to so much longer than it must be. */
    private static final long TABLE_SECONDS = 20;

    enum Use {
        FIRST,
        REPEATED,
        /** Nothing more can be remembered. */
        FULL
    }

    private static final class Table {
        private final AttemptTable attempts;
        private final Instant until;
        private Instant forgetAt = Instant.MIN;

        Table(int room, Instant until) {
            this.attempts = new AttemptTable(room);
            this.until = until;
        }
    }

    private final int most;
    private final Deque<Table> tables = new ArrayDeque<>();
    private int size;

    UsedGrants(int most) {
        this.most = most;
    }

    /**
     * @param forgetAt when the grant can no longer be valid; one that lives long makes those that
     *     were used at about the same time be remembered as long
     */
    synchronized Use use(AttemptKey key, Instant now, Instant forgetAt) {
        forget(now);
        for (Table table : tables) {
            if (table.attempts.contains(key)) {
                return Use.REPEATED;
            }
        }
        if (size >= most) {
            return Use.FULL;
        }
        Table table = present(now);
        table.attempts.add(key);
        if (forgetAt.isAfter(table.forgetAt)) {
            table.forgetAt = forgetAt;
        }
        size++;
        return Use.FIRST;
    }

    private void forget(Instant now) {
        while (!tables.isEmpty() && tables.getFirst().forgetAt.isBefore(now)) {
            size -= tables.removeFirst().attempts.size();
        }
    }

    private Table present(Instant now) {
        Table last = tables.peekLast();
        if (last == null || now.isAfter(last.until)) {
            // About as many as there were, so that it rarely has to grow.
            int room = last == null ? 0 : last.attempts.size();
            last = new Table(room, now.plusSeconds(TABLE_SECONDS));
            tables.addLast(last);
        }
        return last;
    }
}
