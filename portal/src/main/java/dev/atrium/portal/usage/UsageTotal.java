package dev.atrium.portal.usage;

import dev.atrium.portal.design.Amounts;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.usage.CarbonSum;
import dev.atrium.registry.api.usage.EnergySum;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.UsageBucket;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Hours of one group added up. */
public record UsageTotal(
        String group,
        long calls,
        long failed,
        long inputTokens,
        long outputTokens,
        Duration compute,
        List<Cost> costs,
        @Nullable EnergySum energy,
        Media media) {

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
                        1000 * buckets.stream().mapToLong(UsageBucket::computeMicros).sum()),
                costs(buckets),
                energy(buckets),
                media(buckets));
    }

    private static Media media(Collection<UsageBucket> buckets) {
        Media all = null;
        for (UsageBucket bucket : buckets) {
            all = Media.both(all, bucket.media());
        }
        return Media.orNone(all);
    }

    private static @Nullable EnergySum energy(Collection<UsageBucket> buckets) {
        EnergySum all = null;
        for (UsageBucket bucket : buckets) {
            all = EnergySum.both(all, bucket.energy());
        }
        return all;
    }

    private static List<Cost> costs(Collection<UsageBucket> buckets) {
        Map<String, Long> sums = new TreeMap<>();
        buckets.stream()
                .flatMap(bucket -> bucket.costs().stream())
                .forEach(cost -> sums.merge(cost.currency(), cost.micros(), Long::sum));
        return sums.entrySet().stream().map(sum -> new Cost(sum.getValue(), sum.getKey())).toList();
    }

    @Nullable CarbonSum carbon() {
        return energy == null ? null : energy.carbon();
    }

    /** Whether the power of every call with a figure was measured. */
    boolean isMeasured() {
        return energy != null && energy.measuredCalls() == energy.calls();
    }

    /** A dash where nothing is known of any call. */
    String energy(Locale locale) {
        return energy == null ? "—" : Amounts.energy(energy.microjoules(), locale);
    }

    /** A dash where nothing is known of any call. */
    String carbon(Locale locale) {
        CarbonSum carbon = carbon();
        return carbon == null ? "—" : Amounts.mass(carbon.nanograms(), locale);
    }

    /** In each currency; a dash where no call had a price. */
    String cost(Locale locale) {
        return costs.isEmpty()
                ? "—"
                : costs.stream()
                        .map(cost -> Amounts.money(cost.micros(), cost.currency(), locale))
                        .collect(Collectors.joining(" + "));
    }
}
