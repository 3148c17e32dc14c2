package dev.atrium.gateway.organization;

import java.time.Duration;
import java.time.Instant;

/** Hours and days are UTC's; the sums know nothing shorter. */
enum BucketWidth {
    HOUR("1h", Duration.ofHours(1), 24, 168),
    DAY("1d", Duration.ofDays(1), 7, 31);

    private static final int MOST_DAYS_OF_COSTS = 180;

    private final String wireName;
    private final Duration length;
    private final int usualBuckets;
    private final int mostBuckets;

    BucketWidth(String wireName, Duration length, int usualBuckets, int mostBuckets) {
        this.wireName = wireName;
        this.length = length;
        this.usualBuckets = usualBuckets;
        this.mostBuckets = mostBuckets;
    }

    String wireName() {
        return wireName;
    }

    /** How many buckets a page has where nobody says. */
    int usualBuckets() {
        return usualBuckets;
    }

    int mostBuckets(ReportKind kind) {
        return kind == ReportKind.COSTS ? MOST_DAYS_OF_COSTS : mostBuckets;
    }

    Duration length() {
        return length;
    }

    /** The beginning of the bucket that a moment is in. */
    Instant begin(Instant at) {
        long seconds = length.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
    }
}
