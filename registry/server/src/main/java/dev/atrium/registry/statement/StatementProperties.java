package dev.atrium.registry.statement;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a day of the ledger is closed.
 *
 * @param grace how long after its end a day stays open for what gateways and nodes still ship; at
 *     least 1 h
 * @param orphanPatience how long after its end a day waits for calls of killed gateways that nobody
 *     has resolved
 * @param interval how often the leader looks for a day that can be closed and for statements that
 *     are missing
 */
@ConfigurationProperties("atrium.registry.statement")
record StatementProperties(
        @DefaultValue("2h") Duration grace,
        @DefaultValue("24h") Duration orphanPatience,
        @DefaultValue("1m") Duration interval) {
    /** A tenant that is made this long after midnight still has a statement of the day before. */
    private static final Duration LEAST_GRACE = Duration.ofHours(1);

    StatementProperties {
        if (grace.compareTo(LEAST_GRACE) < 0 || orphanPatience.compareTo(grace) < 0) {
            throw new IllegalArgumentException(
                    "atrium.registry.statement.grace must be at least "
                            + LEAST_GRACE.toHours()
                            + "h, and atrium.registry.statement.orphan-patience not shorter than"
                            + " it");
        }
    }
}
