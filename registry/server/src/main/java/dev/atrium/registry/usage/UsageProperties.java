package dev.atrium.registry.usage;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the ledger takes.
 *
 * @param retention calls older than this are not posted any more; the ledger's days and the nodes'
 *     accounts before it are removed, the hourly sums stay
 * @param resolvedOrphans how long a resolved call of a killed gateway is kept
 * @param future calls that claim to be younger than now by more than this are not posted
 * @param partitionsAhead how many days ahead there is room for
 * @param silence how long after a call began its nodes may still speak of it; when all have shipped
 *     past that, what nobody spoke of never happened
 * @param deadNodePatience how long the unfinished account of a dead node is waited for
 * @param labelsPerDay how many labels of a tenant the sums of a day have by name
 * @param lostGateway how long a gateway is waited for that is not heard of; longer than it serves
 *     without its registry and than any of its calls lasts
 * @param lostCall how long a call is waited for of which a node has spoken and its gateway has not,
 *     though it is heard of
 */
@ConfigurationProperties("atrium.registry.usage")
record UsageProperties(
        @DefaultValue("400d") Duration retention,
        @DefaultValue("30d") Duration resolvedOrphans,
        @DefaultValue("1d") Duration future,
        @DefaultValue("7") int partitionsAhead,
        @DefaultValue("60s") Duration silence,
        @DefaultValue("1h") Duration deadNodePatience,
        @DefaultValue("1000") int labelsPerDay,
        @DefaultValue("10m") Duration lostGateway,
        @DefaultValue("1d") Duration lostCall) {
    /** The database refuses to drop younger days. */
    private static final Duration LEAST_RETENTION = Duration.ofDays(35);

    /** A void call can still be settled for a week. */
    private static final Duration LEAST_RESOLVED = Duration.ofDays(8);

    UsageProperties {
        require(retention, LEAST_RETENTION, "retention");
        require(resolvedOrphans, LEAST_RESOLVED, "resolved-orphans");
        if (labelsPerDay < 0) {
            throw new IllegalArgumentException(
                    "atrium.registry.usage.labels-per-day is " + labelsPerDay + ", below 0");
        }
    }

    private static void require(Duration given, Duration least, String name) {
        if (given.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                    "atrium.registry.usage." + name + " must be at least " + least.toDays() + "d");
        }
    }
}
