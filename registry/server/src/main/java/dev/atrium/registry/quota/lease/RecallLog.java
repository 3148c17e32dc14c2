package dev.atrium.registry.quota.lease;

import static dev.atrium.registry.quota.window.Windows.atUtc;

import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Recall;
import dev.atrium.registry.database.AdvisoryLock;
import dev.atrium.registry.quota.window.WindowKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The log of recalls. Sequences are given under a lock that is held until the commit, in a
 * transaction that does nothing else; so a reader never skips one.
 */
@Component
class RecallLog {
    static final String CHANNEL = "atrium_recall";
    private static final int MOST_READ = 1_000;

    /**
     * @param concerns whether it is about something that the reading gateway holds
     */
    record Entry(Recall recall, boolean concerns) {}

    private final JdbcClient platform;

    RecallLog(@Qualifier("platformJdbc") JdbcClient platform) {
        this.platform = platform;
    }

    /**
     * Asks all gateways but this one to give back; the same question is not asked twice at once.
     */
    @Transactional("platformTransactionManager")
    public void ask(WindowKey window, UUID gateway, Duration atOnce) {
        lock();
        platform.sql(
                        """
                        WITH asked AS (
                            INSERT INTO quota_recall (policy_id, starts_at, asked_by, created_at)
                            SELECT :policy, :start, :gateway, clock_timestamp()
                            WHERE NOT EXISTS (
                                SELECT FROM quota_recall
                                WHERE policy_id = :policy AND starts_at = :start
                                  AND asked_by = :gateway
                                  AND created_at > clock_timestamp() - make_interval(secs => :once))
                            RETURNING sequence)
                        SELECT pg_notify('%s', sequence::text) FROM asked
                        """
                                .formatted(CHANNEL))
                .param("policy", window.policy().value())
                .param("start", atUtc(window.start()))
                .param("gateway", gateway)
                .param("once", atOnce.toMillis() / 1_000.0)
                .query()
                .listOfRows();
    }

    /** In their order; those that a gateway holds nothing of as well, for their sequences. */
    @Transactional(value = "platformTransactionManager", readOnly = true)
    public List<Entry> after(long sequence, UUID gateway) {
        return platform.sql(
                        """
                        SELECT r.sequence, r.policy_id, r.starts_at,
                               r.asked_by <> ? AND EXISTS (
                                   SELECT FROM quota_lease l
                                   WHERE l.policy_id = r.policy_id AND l.starts_at = r.starts_at
                                     AND l.gateway_id = ? AND l.state = 'LIVE'
                                     AND l.amount > l.returned + l.settled) AS concerns
                        FROM quota_recall r WHERE r.sequence > ? ORDER BY r.sequence LIMIT ?
                        """)
                .params(gateway, gateway, sequence, MOST_READ)
                .query(RecallLog::entry)
                .list();
    }

    /** A sequence that every recall from now on is above; never 0. */
    @Transactional("platformTransactionManager")
    public long position() {
        lock();
        return platform.sql(
                        """
                        SELECT coalesce(max(sequence), nextval('quota_recall_sequence'))
                        FROM quota_recall
                        """)
                .query(Long.class)
                .single();
    }

    private void lock() {
        platform.sql("SELECT pg_advisory_xact_lock(?)")
                .param(AdvisoryLock.RECALLS.number())
                .query()
                .singleRow();
    }

    long newest() {
        return platform.sql("SELECT coalesce(max(sequence), 0) FROM quota_recall")
                .query(Long.class)
                .single();
    }

    void forgetOlderThan(Duration age) {
        platform.sql("DELETE FROM quota_recall WHERE created_at < now() - make_interval(secs => ?)")
                .param(age.toSeconds())
                .update();
    }

    private static Entry entry(ResultSet row, int number) throws SQLException {
        return new Entry(
                new Recall(
                        row.getLong("sequence"),
                        new PolicyId(row.getObject("policy_id", UUID.class)),
                        row.getObject("starts_at", OffsetDateTime.class).toInstant()),
                row.getBoolean("concerns"));
    }
}
