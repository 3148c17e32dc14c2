package dev.atrium.portal.quota;

import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Limits in the words of the quota pages, for pages that only mention them. */
public final class LimitWords {
    private final PolicyWords words;

    public LimitWords(Locale locale) {
        this.words = PolicyWords.ofPage(locale, SubjectNames.UNKNOWN);
    }

    /** {@code 10,000 tokens per day}. */
    public String amount(Unit unit, Window window, long amount) {
        return words.amount(unit, window, amount);
    }

    /** {@code 620,000}, {@code 31 min}, {@code 12.5 EUR}. */
    public String figure(Unit unit, @Nullable String currency, long amount) {
        String figure = words.figure(unit, amount);
        return currency == null ? figure : figure + " " + currency;
    }
}
