package dev.atrium.registry.feed;

import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.database.CurrentTransaction;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells gateways of a change.
 *
 * <p>Entries are collected and written as the last thing before the commit: {@code feed_publish}
 * takes the lock that makes revisions visible in their order, and the lock must be held as briefly
 * as can be.
 */
@Service
public class FeedPublisher {
    private record Key(FeedKind kind, String id) {}

    private final CurrentTransaction transaction;
    private final JsonMapper json;

    FeedPublisher(CurrentTransaction transaction, JsonMapper json) {
        this.transaction = transaction;
        this.json = json;
    }

    /**
     * The new state of one thing; the last one of a transaction counts.
     *
     * @param body the record that the kind names; turned into JSON now
     * @throws IllegalStateException without a transaction
     */
    public void publish(FeedKind kind, String id, Object body) {
        pending().put(new Key(kind, id), json.writeValueAsString(body));
    }

    /** The thing is gone. */
    public void remove(FeedKind kind, String id) {
        pending().put(new Key(kind, id), null);
    }

    /** Entries of a kind that need not outlive their reason; in a transaction of the platform. */
    public void removeOlderThan(FeedKind kind, Instant published) {
        transaction
                .jdbc()
                .sql(
                        """
                        SELECT id FROM feed_entry
                        WHERE kind = ? AND body IS NOT NULL AND updated_at < ?
                        """)
                .params(kind.name(), Timestamp.from(published))
                .query(String.class)
                .list()
                .forEach(id -> remove(kind, id));
    }

    private Map<Key, @Nullable String> pending() {
        transaction.jdbc();
        for (TransactionSynchronization synchronization :
                TransactionSynchronizationManager.getSynchronizations()) {
            if (synchronization instanceof LastBeforeCommit last) {
                return last.entries;
            }
        }
        LastBeforeCommit last = new LastBeforeCommit();
        TransactionSynchronizationManager.registerSynchronization(last);
        return last.entries;
    }

    private void write(Map<Key, @Nullable String> entries) {
        List<String> kinds = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        List<@Nullable String> bodies = new ArrayList<>();
        entries.forEach((key, body) -> {
            kinds.add(key.kind().name());
            ids.add(key.id());
            bodies.add(body);
        });
        transaction
                .jdbc()
                .sql("SELECT feed_publish(?, ?, ?::jsonb[])")
                .param(kinds.toArray(String[]::new))
                .param(ids.toArray(String[]::new))
                .param(bodies.toArray(String[]::new))
                .query(Long.class)
                .single();
    }

    private final class LastBeforeCommit implements TransactionSynchronization {
        private final Map<Key, @Nullable String> entries = new LinkedHashMap<>();

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            write(entries);
        }
    }
}
