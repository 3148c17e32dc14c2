package dev.atrium.gateway.feed;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.feed.FeedPriceList;
import dev.atrium.registry.api.feed.FeedPriceList.FeedPrice;
import dev.atrium.registry.api.pricing.Price;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One list's prices, ready to be asked. Of those that fit a call the one counts that says most
 * closely what it is for, a version before a model before everything, and of those the newest.
 */
final class PriceBook {
    private record Subject(@Nullable ModelName model, @Nullable Integer version) {}

    private record Dated(Instant from, Price price) {}

    private static final Subject EVERYTHING = new Subject(null, null);

    private final String currency;
    private final Map<Subject, List<Dated>> prices = new HashMap<>();

    PriceBook(FeedPriceList list) {
        this.currency = list.currency();
        List<FeedPrice> newestFirst = new ArrayList<>(list.prices());
        newestFirst.sort(Comparator.comparing(FeedPrice::effectiveFrom).reversed());
        for (FeedPrice each : newestFirst) {
            prices.computeIfAbsent(
                            new Subject(each.model(), each.version()), any -> new ArrayList<>())
                    .add(
                            new Dated(
                                    each.effectiveFrom(),
                                    new Price(each.id(), currency, each.prices())));
        }
    }

    String currency() {
        return currency;
    }

    /** The price of a call of this version at this time; null where there is none. */
    @Nullable Price at(ModelName model, int version, Instant time) {
        if (prices.isEmpty()) {
            return null;
        }
        Price price = newest(new Subject(model, version), time);
        if (price == null) {
            price = newest(new Subject(model, null), time);
        }
        return price == null ? newest(EVERYTHING, time) : price;
    }

    private @Nullable Price newest(Subject subject, Instant time) {
        for (Dated each : prices.getOrDefault(subject, List.of())) {
            if (!each.from().isAfter(time)) {
                return each.price();
            }
        }
        return null;
    }
}
