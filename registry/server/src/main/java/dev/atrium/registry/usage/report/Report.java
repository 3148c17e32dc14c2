package dev.atrium.registry.usage.report;

import dev.atrium.registry.api.usage.UsageDimension;
import dev.atrium.registry.error.InvalidRequestException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What sums are wanted: checked, and with nothing left to default.
 *
 * @param from a full hour
 * @param to not part of it
 * @param parts what a group's key consists of, without the currency
 * @param filters values that are wanted, by column
 */
record Report(
        Instant from, Instant to, ZoneId zone, List<Part> parts, Map<String, List<?>> filters) {
    private static final Duration DEFAULT = Duration.ofHours(24);
    private static final Duration MOST = Duration.ofDays(366);
    private static final Duration MOST_BY_HOUR = Duration.ofDays(31);
    private static final int MOST_VALUES = 100;

    Report {
        parts = List.copyOf(parts);
        filters = Map.copyOf(filters);
    }

    /**
     * @param tenants only these; empty for all that the reader may see
     */
    static Report of(Question question, Collection<UUID> tenants, ZoneId usual, Instant now) {
        Instant to = question.to() == null ? now.plusMillis(1) : question.to();
        Instant from = question.from() == null ? to.minus(DEFAULT) : question.from();
        Set<UsageDimension> dimensions = dimensions(question.groupBy());
        boolean byHour = dimensions.contains(UsageDimension.HOUR);
        checkSpan(from, to, byHour ? MOST_BY_HOUR : MOST);
        if (byHour && dimensions.contains(UsageDimension.DAY)) {
            throw new InvalidRequestException("'groupBy' has 'hour' or 'day', not both");
        }
        Map<String, List<?>> filters = new LinkedHashMap<>();
        filter(filters, "tenant_id", tenants);
        filter(filters, "project_id", question.project());
        filter(filters, "principal_id", question.principal());
        filter(filters, "model_name", question.model());
        filter(filters, "version", question.version());
        filter(
                filters,
                "operation",
                question.operation() == null
                        ? null
                        : question.operation().stream().map(Enum::name).toList());
        filter(filters, "label", question.label());
        return new Report(
                from.truncatedTo(ChronoUnit.HOURS),
                to,
                question.zone() == null ? usual : zone(question.zone()),
                dimensions.stream().flatMap(dimension -> Part.of(dimension).stream()).toList(),
                filters);
    }

    private static void checkSpan(Instant from, Instant to, Duration most) {
        if (!from.isBefore(to)) {
            throw new InvalidRequestException("'from' must be before 'to'");
        }
        if (Duration.between(from, to).minusMillis(1).compareTo(most) > 0) {
            throw new InvalidRequestException(
                    "'from' and 'to' are more than " + most.toDays() + " days apart");
        }
    }

    private static Set<UsageDimension> dimensions(@Nullable List<String> names) {
        Set<UsageDimension> dimensions = EnumSet.noneOf(UsageDimension.class);
        for (String name : names == null ? List.<String>of() : names) {
            try {
                dimensions.add(UsageDimension.valueOf(name.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new InvalidRequestException(
                        "'groupBy' names '"
                                + name
                                + "', which is none of hour, day, tenant, project, principal,"
                                + " model, version, operation, label");
            }
        }
        return dimensions;
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new InvalidRequestException(
                    "'zone' is '" + name + "', not an IANA zone such as Europe/Paris");
        }
    }

    private static void filter(
            Map<String, List<?>> filters, String column, @Nullable Collection<?> values) {
        if (values == null || values.isEmpty()) {
            return;
        }
        if (values.size() > MOST_VALUES) {
            throw new InvalidRequestException(
                    "a filter has at most " + MOST_VALUES + " values, not " + values.size());
        }
        filters.put(column, List.copyOf(values));
    }

    /** The same of another stretch of time. */
    Report spanning(Instant begin, Instant end) {
        return new Report(begin, end, zone, parts, filters);
    }

    /** The first moments of the days, from the one in which the report begins. */
    List<Instant> days() {
        List<Instant> days = new ArrayList<>();
        LocalDate day = LocalDate.ofInstant(from, zone);
        for (; day.atStartOfDay(zone).toInstant().isBefore(to); day = day.plusDays(1)) {
            days.add(day.atStartOfDay(zone).toInstant());
        }
        return days;
    }

    /** When the hour or day of a key begins. */
    Instant begin(List<String> key) {
        return parts.getFirst() == Part.HOUR
                ? Instant.parse(key.getFirst())
                : days().get(Integer.parseInt(key.getFirst()) - 1);
    }

    Instant end(Instant begin) {
        return parts.getFirst() == Part.HOUR
                ? begin.plus(1, ChronoUnit.HOURS)
                : LocalDate.ofInstant(begin, zone).plusDays(1).atStartOfDay(zone).toInstant();
    }

    boolean isByTime() {
        return !parts.isEmpty() && (parts.getFirst() == Part.HOUR || parts.getFirst() == Part.DAY);
    }
}
