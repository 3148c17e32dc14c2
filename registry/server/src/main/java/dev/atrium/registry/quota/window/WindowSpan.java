package dev.atrium.registry.quota.window;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time.
 *
 * @param end not part of it; null when it never ends
 */
public record WindowSpan(Instant start, @Nullable Instant end) {
    public boolean contains(Instant instant) {
        return !instant.isBefore(start) && (end == null || instant.isBefore(end));
    }

    /** Wholly before the end of a former window: what is left of it begins there. */
    WindowSpan notBefore(@Nullable Instant formerEnd) {
        return formerEnd != null && formerEnd.isAfter(start)
                ? new WindowSpan(formerEnd, end)
                : this;
    }

    /**
     * From one full hour to the next as clocks on the wall show it; cut at a clock change, where
     * some zones leave a part of an hour.
     */
    static WindowSpan hour(Instant instant, ZoneId zone) {
        ZoneRules rules = zone.getRules();
        Duration offset = Duration.ofSeconds(rules.getOffset(instant).getTotalSeconds());
        Instant start = instant.plus(offset).truncatedTo(ChronoUnit.HOURS).minus(offset);
        Instant end = start.plus(1, ChronoUnit.HOURS);
        ZoneOffsetTransition last = rules.previousTransition(instant.plusNanos(1));
        ZoneOffsetTransition next = rules.nextTransition(instant);
        return new WindowSpan(
                last != null && last.getInstant().isAfter(start) ? last.getInstant() : start,
                next != null && next.getInstant().isBefore(end) ? next.getInstant() : end);
    }

    /** Midnight to midnight: 23 or 25 hours where a clock change lies between. */
    static WindowSpan day(Instant instant, ZoneId zone) {
        LocalDate day = instant.atZone(zone).toLocalDate();
        return between(day, day.plusDays(1), zone);
    }

    static WindowSpan month(Instant instant, ZoneId zone) {
        LocalDate first = instant.atZone(zone).toLocalDate().withDayOfMonth(1);
        return between(first, first.plusMonths(1), zone);
    }

    private static WindowSpan between(LocalDate first, LocalDate end, ZoneId zone) {
        return new WindowSpan(
                first.atStartOfDay(zone).toInstant(), end.atStartOfDay(zone).toInstant());
    }
}
