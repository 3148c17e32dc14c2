package dev.atrium.portal.calls;

import com.vaadin.flow.router.QueryParameters;
import dev.atrium.portal.registry.CallSearch;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the list shows, as its address says it; empty texts are all.
 *
 * @param from only of a custom period
 * @param to only of a custom period
 */
record CallsQuery(
        CallPeriod period,
        @Nullable Instant from,
        @Nullable Instant to,
        String model,
        String caller,
        String outcome,
        String code,
        String label) {
    static final String REFUSED = "refused";

    /** As the registry allows. */
    private static final Duration LONGEST = Duration.ofDays(31);

    static CallsQuery of(QueryParameters query) {
        return new CallsQuery(
                CallPeriod.of(text(query, "period")),
                instant(text(query, "from")),
                instant(text(query, "to")),
                text(query, "model"),
                text(query, "caller"),
                text(query, "outcome"),
                text(query, "code"),
                text(query, "label"));
    }

    private static String text(QueryParameters query, String name) {
        return query.getSingleParameter(name).orElse("").strip();
    }

    /** An address that somebody typed wrongly is like one without it. */
    private static @Nullable Instant instant(String text) {
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    QueryParameters parameters() {
        Map<String, String> named = new LinkedHashMap<>();
        put(named, "period", period == CallPeriod.DAY ? "" : period.key());
        if (period == CallPeriod.CUSTOM) {
            put(named, "from", from == null ? "" : from.toString());
            put(named, "to", to == null ? "" : to.toString());
        }
        put(named, "model", model);
        put(named, "caller", caller);
        put(named, "outcome", outcome);
        put(named, "code", wantsRefused() ? code : "");
        put(named, "label", label);
        return QueryParameters.simple(named);
    }

    private static void put(Map<String, String> named, String name, String value) {
        if (!value.isBlank()) {
            named.put(name, value.strip());
        }
    }

    boolean wantsRefused() {
        return outcome.isEmpty() || outcome.equals(REFUSED);
    }

    /** Whether refused calls that were only counted belong to it: counts know no more. */
    boolean wantsCounts() {
        return wantsRefused() && model.isEmpty() && caller.isEmpty() && label.isEmpty();
    }

    boolean isFiltered() {
        return !(model + caller + outcome + code + label).isEmpty();
    }

    CallsQuery withoutFilter() {
        return new CallsQuery(period, from, to, "", "", "", "", "");
    }

    Instant begin(Instant now) {
        Instant end = end(now);
        return period == CallPeriod.CUSTOM && from != null ? from : end.minus(period.length());
    }

    private Instant end(Instant now) {
        return period == CallPeriod.CUSTOM && to != null ? to : now;
    }

    /** Whether the registry can answer it. */
    boolean isPossible(Instant now) {
        Duration length = Duration.between(begin(now), end(now));
        return length.isPositive() && length.compareTo(LONGEST) <= 0;
    }

    CallSearch search(Instant now) {
        return new CallSearch(
                begin(now),
                period == CallPeriod.CUSTOM ? to : null,
                caller,
                model,
                outcome,
                wantsRefused() ? code : "",
                label);
    }
}
