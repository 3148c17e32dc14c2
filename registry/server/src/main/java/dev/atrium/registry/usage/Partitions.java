package dev.atrium.registry.usage;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Sees to it that the ledger has a partition for each day that a record may belong to. */
@Component
class Partitions {
    private final JdbcClient platform;
    private final UsageProperties properties;
    private final Clock clock;
    private final Set<LocalDate> known = ConcurrentHashMap.newKeySet();

    Partitions(
            @Qualifier("platformJdbc") JdbcClient platform,
            UsageProperties properties,
            Clock clock) {
        this.platform = platform;
        this.properties = properties;
        this.clock = clock;
    }

    /** The days around now, so that no call has to wait for the making of a table. */
    @Scheduled(initialDelayString = "PT0S", fixedDelayString = "PT12H")
    void ensureDaysAhead() {
        LocalDate today = LocalDate.now(clock.withZone(ZoneOffset.UTC));
        ensure(today.minusDays(1), today.plusDays(properties.partitionsAhead()));
    }

    /**
     * A day within retention that nobody expected; in a transaction of its own, because making a
     * partition locks the ledger.
     */
    void ensure(Set<LocalDate> days) {
        for (LocalDate day : days) {
            if (!known.contains(day)) {
                ensure(day, day);
            }
        }
    }

    private void ensure(LocalDate first, LocalDate last) {
        platform.sql("SELECT usage_ensure_partitions(?, ?)")
                .params(first, last)
                .query(Integer.class)
                .single();
        first.datesUntil(last.plusDays(1)).forEach(known::add);
    }
}
