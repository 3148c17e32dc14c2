package dev.atrium.registry.feed;

import dev.atrium.registry.api.feed.FeedEntry;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPage;
import dev.atrium.simulation.database.MemoryDatabase;
import dev.atrium.simulation.database.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The twin of {@link JdbcFeedStore} and of the function that publishes. */
public final class MemoryFeedStore implements FeedStore {
    private static final String TRIMMED = "feed trimmed below";
    private static final String REVISION = "feed revision";

    private final MemoryDatabase database;
    private final FeedLog log;

    public MemoryFeedStore(MemoryDatabase database, int pageSize, int maxTombstones) {
        this.database = database;
        this.log =
                new FeedLog(
                        this,
                        new FeedProperties(
                                pageSize,
                                Duration.ofSeconds(25),
                                Duration.ofSeconds(1),
                                Duration.ofDays(1),
                                maxTombstones));
    }

    /** As a registry answers. */
    public FeedPage read(@Nullable UUID epoch, long after) {
        return database.execute(status -> log.read(epoch, after));
    }

    public void publish(FeedKind kind, String id, @Nullable JsonNode body) {
        long revision = database.next(REVISION);
        database.feed.put(
                kind + "/" + id,
                new Row.Feed(new FeedEntry(kind, id, revision, body), database.now()));
    }

    @Override
    public State state() {
        return new State(database.feedEpoch, database.sequences.find(TRIMMED).orElse(0L));
    }

    @Override
    public List<FeedEntry> above(long revision, int most) {
        return database.feed.rows().values().stream()
                .map(Row.Feed::entry)
                .filter(entry -> entry.revision() > revision)
                .sorted(Comparator.comparingLong(FeedEntry::revision))
                .limit(most)
                .toList();
    }

    @Override
    public List<FeedEntry> livingAbove(long revision, int most) {
        return above(revision, Integer.MAX_VALUE).stream()
                .filter(entry -> entry.body() != null)
                .limit(most)
                .toList();
    }

    @Override
    public long newest() {
        return database.feed.rows().values().stream()
                .mapToLong(row -> row.entry().revision())
                .max()
                .orElse(0);
    }

    @Override
    public void trim(Instant before, Instant young, int most) {
        List<Row.Feed> gone =
                database.feed.rows().values().stream()
                        .filter(row -> row.entry().body() == null)
                        .sorted(
                                Comparator.comparingLong((Row.Feed row) -> row.entry().revision())
                                        .reversed())
                        .toList();
        for (int i = 0; i < gone.size(); i++) {
            Row.Feed row = gone.get(i);
            if (row.updatedAt().isBefore(before)
                    || (row.updatedAt().isBefore(young) && i >= most)) {
                database.feed.remove(row.entry().kind() + "/" + row.entry().id());
                long trimmed = Math.max(state().trimmedBelow(), row.entry().revision());
                database.sequences.put(TRIMMED, trimmed);
            }
        }
    }
}
