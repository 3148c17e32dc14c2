package dev.atrium.registry.feed;

import dev.atrium.registry.api.feed.FeedEntry;
import dev.atrium.registry.api.feed.FeedKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

@Component
class JdbcFeedStore implements FeedStore {
    private final JdbcClient jdbc;
    private final JsonMapper json;

    JdbcFeedStore(@Qualifier("platformJdbc") JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @Override
    public State state() {
        return jdbc.sql("SELECT epoch, trimmed_below FROM feed_state")
                .query((row, number) ->
                        new State(row.getObject("epoch", UUID.class), row.getLong("trimmed_below")))
                .single();
    }

    @Override
    public List<FeedEntry> above(long revision, int most) {
        return read("", revision, most);
    }

    @Override
    public List<FeedEntry> livingAbove(long revision, int most) {
        return read("AND body IS NOT NULL", revision, most);
    }

    private List<FeedEntry> read(String condition, long revision, int most) {
        return jdbc.sql(
                        """
                        SELECT kind, id, revision, body::text AS body FROM feed_entry
                        WHERE revision > ? %s ORDER BY revision LIMIT ?
                        """
                                .formatted(condition))
                .params(revision, most)
                .query(this::entry)
                .list();
    }

    private FeedEntry entry(ResultSet row, int number) throws SQLException {
        String body = row.getString("body");
        return new FeedEntry(
                FeedKind.valueOf(row.getString("kind")),
                row.getString("id"),
                row.getLong("revision"),
                body == null ? null : json.readTree(body));
    }

    @Override
    public long newest() {
        return Objects.requireNonNull(
                jdbc.sql("SELECT coalesce(max(revision), 0) FROM feed_entry")
                        .query(Long.class)
                        .single());
    }

    @Override
    public void trim(Instant before, Instant young, int most) {
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
                .params(Timestamp.from(before), Timestamp.from(young), most)
                .update();
    }
}
