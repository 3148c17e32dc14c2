package dev.atrium.registry.usage;

import dev.atrium.registry.database.DayPartitions;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Sees to it that the ledger has a partition for each day that a record may belong to. */
@Component
class Partitions {
    private final DayPartitions days;
    private final UsageProperties properties;
    private final Clock clock;

    Partitions(
            @Qualifier("platformJdbc") JdbcClient platform,
            UsageProperties properties,
            Clock clock) {
        this.days = new DayPartitions(platform, "usage");
        this.properties = properties;
        this.clock = clock;
    }

    /** The days around now, so that no call has to wait for the making of a table. */
    @Scheduled(initialDelayString = "PT0S", fixedDelayString = "PT12H")
    void ensureDaysAhead() {
        LocalDate today = LocalDate.now(clock.withZone(ZoneOffset.UTC));
        days.ensure(today.minusDays(1), today.plusDays(properties.partitionsAhead()));
    }

    /** A day within retention that nobody expected. */
    void ensure(Set<LocalDate> expected) {
        days.ensure(expected);
    }
}
