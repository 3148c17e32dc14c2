package dev.atrium.registry.feed;

import dev.atrium.registry.api.feed.FeedEntry;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the change log in pages.
 *
 * <p>A delta is every entry above a revision, tombstones included. A full load is every entry that
 * is not gone, read upwards from 0; its pages but the last carry their revision negated, so that
 * the next question is known to continue the load and not to come from a gateway that slept past
 * the trimmed tombstones.
 */
@Component
class FeedLog {
    private record State(UUID epoch, long trimmedBelow) {}

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final FeedProperties properties;

    FeedLog(
            @Qualifier("platformJdbc") JdbcClient jdbc,
            JsonMapper json,
            FeedProperties properties) {
        this.jdbc = jdbc;
        this.json = json;
        this.properties = properties;
    }

    @Transactional(
            value = "platformTransactionManager",
            readOnly = true,
            isolation = Isolation.REPEATABLE_READ)
    public FeedPage read(@Nullable UUID epoch, long after) {
        State state = state();
        boolean sameEpoch = state.epoch().equals(epoch);
        if (sameEpoch && after < 0) {
            return page(state, false, -after, true);
        }
        if (!sameEpoch || after < state.trimmedBelow()) {
            return page(state, true, 0, true);
        }
        return page(state, false, after, false);
    }

    private FeedPage page(State state, boolean begins, long from, boolean loading) {
        List<FeedEntry> found =
                jdbc.sql(
                                """
                                SELECT kind, id, revision, body::text AS body FROM feed_entry
                                WHERE revision > ? AND (body IS NOT NULL OR NOT ?)
                                ORDER BY revision LIMIT ?
                                """)
                        .params(from, begins, properties.pageSize() + 1)
                        .query(this::entry)
                        .list();
        boolean more = found.size() > properties.pageSize();
        List<FeedEntry> shown = more ? found.subList(0, properties.pageSize()) : found;
        long reached = shown.isEmpty() ? from : shown.getLast().revision();
        if (loading && !more) {
            // Trimmed and skipped tombstones may lie above the last entry that is left.
            reached = Math.max(reached, Math.max(newest(), state.trimmedBelow()));
        }
        return new FeedPage(
                state.epoch(), begins, loading && more ? -reached : reached, more, shown);
    }

    private FeedEntry entry(ResultSet row, int number) throws SQLException {
        String body = row.getString("body");
        return new FeedEntry(
                FeedKind.valueOf(row.getString("kind")),
                row.getString("id"),
                row.getLong("revision"),
                body == null ? null : json.readTree(body));
    }

    private State state() {
        return jdbc.sql("SELECT epoch, trimmed_below FROM feed_state")
                .query((row, number) ->
                        new State(row.getObject("epoch", UUID.class), row.getLong("trimmed_below")))
                .single();
    }

    /** The highest revision that is committed; 0 in an empty log. */
    long newest() {
        return Objects.requireNonNull(
                jdbc.sql("SELECT coalesce(max(revision), 0) FROM feed_entry")
                        .query(Long.class)
                        .single());
    }

    /**
     * Forgets removals from before a time, and of the others those that are too many. A young one
     * stays in any case: a load that has passed its thing already must still meet it.
     */
    @Transactional("platformTransactionManager")
    public void trim(Instant before, Instant young) {
        jdbc.sql(
                        """
                        WITH trimmed AS (
                            DELETE FROM feed_entry WHERE body IS NULL AND (updated_at < ?
                                OR (updated_at < ? AND revision <= (
                                        SELECT revision FROM feed_entry WHERE body IS NULL
                                        ORDER BY revision DESC OFFSET ? LIMIT 1)))
                            RETURNING revision)
                        UPDATE feed_state SET trimmed_below =
                            greatest(trimmed_below, (SELECT max(revision) FROM trimmed))
                        WHERE EXISTS (SELECT FROM trimmed)
                        """)
                .params(Timestamp.from(before), Timestamp.from(young), properties.maxTombstones())
                .update();
    }
}
