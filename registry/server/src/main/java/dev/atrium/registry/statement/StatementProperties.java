package dev.atrium.registry.statement;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a day of the ledger is closed.
 *
 * @param grace how long after its end a day stays open for what gateways and nodes still ship
 * @param orphanPatience how long after its end a day waits for calls of killed gateways that nobody
 *     has resolved
 */
@ConfigurationProperties("atrium.registry.statement")
record StatementProperties(
        @DefaultValue("2h") Duration grace, @DefaultValue("24h") Duration orphanPatience) {
    StatementProperties {
        if (grace.isNegative() || orphanPatience.compareTo(grace) < 0) {
            throw new IllegalArgumentException(
                    "atrium.registry.statement.grace must not be negative, and orphan-patience not"
                            + " shorter than it");
        }
    }
}
