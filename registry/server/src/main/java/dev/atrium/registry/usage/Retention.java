package dev.atrium.registry.usage;

import dev.atrium.registry.database.DayPartitions;
import dev.atrium.registry.leader.Leadership;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Removes what the ledger keeps no longer. Hourly sums, quarantine and audit stay.
 *
 * <p>A day goes one day later than its calls stop being admitted. Otherwise a record that is
 * shipped again at that moment, by a registry whose clock is a little behind, would find its first
 * posting gone and count twice in the hourly sums.
 */
@Component
class Retention {
    private static final Logger log = LoggerFactory.getLogger(Retention.class);
    private static final int BATCH = 10_000;
    private static final Duration MARGIN = Duration.ofDays(1);

    private final Leadership leadership;
    private final JdbcClient platform;
    private final UsageProperties properties;
    private final Clock clock;

    Retention(
            Leadership leadership,
            @Qualifier("platformJdbc") JdbcClient platform,
            UsageProperties properties,
            Clock clock) {
        this.leadership = leadership;
        this.platform = platform;
        this.properties = properties;
        this.clock = clock;
    }

    @Scheduled(initialDelayString = "PT5M", fixedDelayString = "PT1H")
    void run() {
        if (!leadership.isLeader()) {
            return;
        }
        LocalDate firstKept =
                LocalDate.ofInstant(
                        clock.instant().minus(properties.retention()).minus(MARGIN),
                        ZoneOffset.UTC);
        dropDaysBefore(firstKept);
        int accounts = removeAccountsBefore(firstKept.atStartOfDay(ZoneOffset.UTC).toInstant());
        int orphans =
                removeOrphansResolvedBefore(clock.instant().minus(properties.resolvedOrphans()));
        removeLabelsBefore(firstKept.atStartOfDay(ZoneOffset.UTC).toInstant());
        removeGivenUpBefore(firstKept.atStartOfDay(ZoneOffset.UTC).toInstant());
        if (accounts + orphans > 0) {
            log.info("removed {} accounts of nodes and {} resolved orphans", accounts, orphans);
        }
    }

    /** Gives way to whoever reads the ledger; the next run tries again. */
    private void dropDaysBefore(LocalDate firstKept) {
        OptionalInt dropped = new DayPartitions(platform, "usage").dropBefore(firstKept);
        if (dropped.isEmpty()) {
            log.info("the ledger is busy; its old days are dropped later");
        } else if (dropped.getAsInt() > 0) {
            log.info("dropped {} days of the ledger before {}", dropped.getAsInt(), firstKept);
        }
    }

    private int removeAccountsBefore(Instant posted) {
        return inBatches(
                """
                DELETE FROM node_usage WHERE (call_id, attempt) IN (
                    SELECT call_id, attempt FROM node_usage WHERE posted_at < ? LIMIT ?)
                """,
                posted);
    }

    private int removeOrphansResolvedBefore(Instant resolved) {
        return inBatches(
                """
                DELETE FROM usage_orphan WHERE call_id IN (
                    SELECT call_id FROM usage_orphan WHERE resolved_at < ? LIMIT ?)
                """,
                resolved);
    }

    /** No call of such a day is posted any more. */
    private void removeLabelsBefore(Instant day) {
        inBatches(
                """
                DELETE FROM usage_label WHERE (tenant_id, day, label) IN (
                    SELECT tenant_id, day, label FROM usage_label
                    WHERE day < (?::timestamptz AT TIME ZONE 'UTC')::date LIMIT ?)
                """,
                day);
    }

    /** Calls of such leases are too old to be posted. */
    private void removeGivenUpBefore(Instant day) {
        inBatches(
                """
                DELETE FROM quota_lease_given_up WHERE lease_id IN (
                    SELECT lease_id FROM quota_lease_given_up WHERE given_up_at < ? LIMIT ?)
                """,
                day);
    }

    /** Each batch in a transaction of its own, so that no lock is held for long. */
    private int inBatches(String delete, Instant before) {
        int total = 0;
        int count;
        do {
            count = platform.sql(delete).params(before.atOffset(ZoneOffset.UTC), BATCH).update();
            total += count;
        } while (count == BATCH);
        return total;
    }
}
