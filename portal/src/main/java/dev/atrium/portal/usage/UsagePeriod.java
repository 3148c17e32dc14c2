package dev.atrium.portal.usage;

import dev.atrium.registry.api.usage.UsageBucket;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The stretch of time that the page looks at, and how it is cut into columns. */
enum UsagePeriod {
    DAY("24h", Duration.ofHours(24)),
    WEEK("7d", Duration.ofDays(7));

    private final String key;
    private final Duration length;

    UsagePeriod(String key, Duration length) {
        this.key = key;
        this.length = length;
    }

    static UsagePeriod of(String key) {
        return key.equals(WEEK.key) ? WEEK : DAY;
    }

    String key() {
        return key;
    }

    /** Begins on a full hour, so that the first column is a whole one. */
    Instant from(Instant now) {
        Instant begin = now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS).minus(length);
        return begin;
    }

    /** Adds the hours up to columns; a column without calls is there too. */
    List<Column> columns(List<UsageBucket> buckets, Instant now, ZoneId zone) {
        Map<Object, Column> columns = new LinkedHashMap<>();
        for (Instant hour = from(now); hour.isBefore(now); hour = hour.plus(1, ChronoUnit.HOURS)) {
            columns.putIfAbsent(slot(hour, zone), new Column(hour, 0, 0));
        }
        for (UsageBucket bucket : buckets) {
            columns.computeIfPresent(
                    slot(bucket.hour(), zone), (slot, column) -> column.plus(bucket));
        }
        return List.copyOf(columns.values());
    }

    String label(Column column, ZoneId zone, Locale locale) {
        String pattern = this == DAY ? "HH:mm" : "EEE d";
        return DateTimeFormatter.ofPattern(pattern, locale).format(column.begin().atZone(zone));
    }

    String span(Column column, ZoneId zone, Locale locale) {
        ZonedDateTime begin = column.begin().atZone(zone);
        if (this == WEEK) {
            return DateTimeFormatter.ofPattern("EEE d MMM", locale).format(begin);
        }
        DateTimeFormatter time = DateTimeFormatter.ofPattern("HH:mm", locale);
        return time.format(begin) + "–" + time.format(begin.plusHours(1));
    }

    private Object slot(Instant hour, ZoneId zone) {
        return this == DAY ? hour : LocalDate.ofInstant(hour, zone);
    }

    /** The calls of one column. */
    record Column(Instant begin, long calls, long failed) {
        Column plus(UsageBucket bucket) {
            return new Column(begin, calls + bucket.calls(), failed + bucket.failedCalls());
        }
    }
}
