package dev.atrium.portal.quota;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.PlanScope;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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

    /** {@code for each API key}. */
    static String scope(PlanLimit limit) {
        return scope(limit.scope(), limit.model());
    }

    private static String scope(PlanScope scope, @Nullable ModelName model) {
        Texts texts = Texts.ofPage();
        return switch (scope) {
            case TENANT -> texts.of("quota.for.tenant");
            case MODEL -> texts.of("quota.for.model", model == null ? "" : model);
            case EACH_PROJECT, EACH_API_KEY -> texts.constant("plans.for", scope);
        };
    }

    /** {@code Requests per hour, for each API key}; as that of a policy. */
    static String suggestedName(
            Unit unit, Window window, PlanScope scope, @Nullable ModelName model, Locale locale) {
        return PolicyWords.ofPage(locale, SubjectNames.UNKNOWN)
                .suggestedName(unit, window, scope(scope, model));
    }
}
