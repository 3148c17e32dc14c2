package dev.atrium.registry.delivery;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What became of attempts, in a table that has {@code next_attempt_at}, {@code delivered_at} and
 * {@code failure}. Who takes a row puts its next attempt off, so that no other registry takes it as
 * well, and so that it comes back by itself when the one that took it dies.
 */
public final class Attempts {
    private final JdbcClient platform;
    private final String table;

    /**
     * @param table its name, never a text of somebody else's
     */
    public Attempts(JdbcClient platform, String table) {
        this.platform = platform;
        this.table = table;
    }

    public void delivered(UUID id, Instant now) {
        platform.sql(
                        """
                        UPDATE %s
                        SET delivered_at = ?, next_attempt_at = NULL, failure = NULL WHERE id = ?
                        """
                                .formatted(table))
                .params(now.atOffset(ZoneOffset.UTC), id)
                .update();
    }

    public void failed(UUID id, String failure, Instant next) {
        platform.sql(
                        """
                        UPDATE %s SET failure = ?, next_attempt_at = ?
                        WHERE id = ? AND delivered_at IS NULL
                        """
                                .formatted(table))
                .params(failure, next.atOffset(ZoneOffset.UTC), id)
                .update();
    }

    public void givenUp(UUID id, String failure) {
        platform.sql(
                        """
                        UPDATE %s SET failure = ?, next_attempt_at = NULL
                        WHERE id = ? AND delivered_at IS NULL
                        """
                                .formatted(table))
                .params(failure, id)
                .update();
    }
}
