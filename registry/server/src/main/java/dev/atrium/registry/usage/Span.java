package dev.atrium.registry.usage;

import dev.atrium.registry.error.InvalidRequestException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** A stretch of time that a caller asks about; the end is not part of it. */
record Span(Instant from, Instant to) {
    private static final Duration DEFAULT = Duration.ofHours(24);
    private static final Duration MAX = Duration.ofDays(31);

    /** The last 24 hours where nothing else is asked. */
    static Span of(@Nullable Instant from, @Nullable Instant to, Instant now) {
        // Call ids of the present millisecond belong to the present.
        Instant end = to == null ? now.plusMillis(1) : to;
        Instant start = from == null ? end.minus(DEFAULT) : from;
        if (!start.isBefore(end)) {
            throw new InvalidRequestException("'from' must be before 'to'");
        }
        if (Duration.between(start, end).minusMillis(1).compareTo(MAX) > 0) {
            throw new InvalidRequestException(
                    "'from' and 'to' are more than " + MAX.toDays() + " days apart");
        }
        return new Span(start, end);
    }

    Instant firstHour() {
        return from.truncatedTo(ChronoUnit.HOURS);
    }

    Instant firstMinute() {
        return from.truncatedTo(ChronoUnit.MINUTES);
    }
}
