package dev.atrium.portal.quota;

import dev.atrium.registry.api.quota.PlanLimit;
import java.util.Locale;

/** Limits of plans as people read them. */
final class PlanWords {
    private PlanWords() {}

    /** {@code 10,000 tokens per day}; of money with its currency. */
    static String amount(PlanLimit limit, Locale locale) {
        String amount =
                PolicyWords.ofPage(locale, SubjectNames.UNKNOWN)
                        .amount(limit.unit(), limit.window(), limit.amount());
        return limit.currency() == null ? amount : amount + ", " + limit.currency();
    }
}
