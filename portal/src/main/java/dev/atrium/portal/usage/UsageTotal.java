package dev.atrium.portal.usage;

import dev.atrium.registry.api.usage.UsageBucket;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Hours of one group added up. */
public record UsageTotal(
        String group,
        long calls,
        long failed,
        long inputTokens,
        long outputTokens,
        Duration compute) {

    public static UsageTotal of(Collection<UsageBucket> buckets) {
        return sum("", buckets);
    }

    /** One total for each group, the busiest first. */
    static List<UsageTotal> byGroup(List<UsageBucket> buckets) {
        Map<String, List<UsageBucket>> groups =
                buckets.stream()
                        .collect(
                                Collectors.groupingBy(
                                        b -> Objects.requireNonNullElse(b.group(), "")));
        return groups.entrySet().stream()
                .map(entry -> sum(entry.getKey(), entry.getValue()))
                .sorted(
                        Comparator.comparingLong(UsageTotal::calls)
                                .reversed()
                                .thenComparing(UsageTotal::group))
                .toList();
    }

    private static UsageTotal sum(String group, Collection<UsageBucket> buckets) {
        return new UsageTotal(
                group,
                buckets.stream().mapToLong(UsageBucket::calls).sum(),
                buckets.stream().mapToLong(UsageBucket::failedCalls).sum(),
                buckets.stream().mapToLong(UsageBucket::inputTokens).sum(),
                buckets.stream().mapToLong(UsageBucket::outputTokens).sum(),
                Duration.ofNanos(
                        1000 * buckets.stream().mapToLong(UsageBucket::computeMicros).sum()));
    }
}
