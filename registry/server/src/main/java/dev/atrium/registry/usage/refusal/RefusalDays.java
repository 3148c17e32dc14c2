package dev.atrium.registry.usage.refusal;

import dev.atrium.registry.database.DayPartitions;
import dev.atrium.registry.leader.Leadership;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Which days there is room for: those that are kept, and tomorrow. */
@Component
class RefusalDays {
    private static final Logger log = LoggerFactory.getLogger(RefusalDays.class);

    /** For clocks of gateways that go ahead. */
    private static final Duration FUTURE = Duration.ofDays(1);

    /** A registry whose clock is behind may still take calls of the day before. */
    private static final Duration MARGIN = Duration.ofDays(1);

    private final Leadership leadership;
    private final DayPartitions days;
    private final RefusalProperties properties;
    private final Clock clock;

    RefusalDays(
            Leadership leadership,
            @Qualifier("platformJdbc") JdbcClient platform,
            RefusalProperties properties,
            Clock clock) {
        this.leadership = leadership;
        this.days = new DayPartitions(platform, "refused");
        this.properties = properties;
        this.clock = clock;
    }

    boolean isKept(Instant at) {
        Instant now = clock.instant();
        return !at.isBefore(now.minus(properties.retention())) && !at.isAfter(now.plus(FUTURE));
    }

    void ensure(Set<LocalDate> wanted) {
        days.ensure(wanted);
    }

    @Scheduled(initialDelayString = "PT0S", fixedDelayString = "PT12H")
    void ensureDaysAhead() {
        LocalDate today = LocalDate.now(clock.withZone(ZoneOffset.UTC));
        days.ensure(today, today.plusDays(FUTURE.toDays() + 1));
    }

    /** Gives way to readers; the next run tries again. */
    @Scheduled(initialDelayString = "PT6M", fixedDelayString = "PT1H")
    void dropOld() {
        if (!leadership.isLeader()) {
            return;
        }
        LocalDate firstKept =
                LocalDate.ofInstant(
                        clock.instant().minus(properties.retention()).minus(MARGIN),
                        ZoneOffset.UTC);
        if (days.dropBefore(firstKept).orElse(0) > 0) {
            log.info("dropped refused calls before {}", firstKept);
        }
    }
}
