package dev.atrium.simulation;

import dev.atrium.registry.api.quota.Recall;
import dev.atrium.registry.api.quota.RecallPage;
import dev.atrium.registry.quota.window.WindowKey;
import dev.atrium.simulation.database.MemoryDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The twin of the table of recalls. */
final class RecallLog {
    private record Entry(Recall recall, UUID askedBy, long at) {}

    private static final long AT_ONCE = 50 * Timeline.MILLI;
    private static final long KEPT = 60 * Timeline.SECOND;

    private final Timeline time;
    private final MemoryDatabase database;
    private final List<Entry> entries = new ArrayList<>();
    private long sequence = 1;

    RecallLog(Timeline time, MemoryDatabase database) {
        this.time = time;
        this.database = database;
    }

    void ask(WindowKey window, UUID gateway) {
        entries.removeIf(entry -> time.now() - entry.at() > KEPT);
        boolean isAsked =
                entries.stream()
                        .anyMatch(entry ->
                                time.now() - entry.at() < AT_ONCE
                                        && entry.askedBy().equals(gateway)
                                        && entry.recall().policyId().equals(window.policy())
                                        && entry.recall().windowStart().equals(window.start()));
        if (!isAsked) {
            Recall recall = new Recall(++sequence, window.policy(), window.start());
            entries.add(new Entry(recall, gateway, time.now()));
        }
    }

    RecallPage after(long position, UUID gateway) {
        if (position <= 0) {
            return new RecallPage(sequence, List.of());
        }
        List<Recall> concerning =
                entries.stream()
                        .filter(entry -> entry.recall().sequence() > position)
                        .filter(entry -> !entry.askedBy().equals(gateway))
                        .map(Entry::recall)
                        .filter(recall -> holds(gateway, recall))
                        .toList();
        return new RecallPage(Math.max(position, sequence), concerning);
    }

    private boolean holds(UUID gateway, Recall recall) {
        return database.leasesOf(new WindowKey(recall.policyId(), recall.windowStart())).stream()
                .anyMatch(lease ->
                        lease.key().gateway().equals(gateway)
                                && lease.is("LIVE")
                                && lease.outstanding() > 0);
    }
}
