package dev.atrium.registry.quota.plan;

import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.PlanScope;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.quota.policy.PolicyRules;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a plan may say: what its policies may. */
final class PlanRules {
    private static final int MOST = 50;
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

    private PlanRules() {}

    /** With every default filled in. */
    static List<PlanLimit> checked(List<PlanLimit> limits) {
        if (limits.isEmpty() || limits.size() > MOST) {
            throw new InvalidRequestException(
                    "'limits' has " + limits.size() + " but must have 1 to " + MOST);
        }
        List<PlanLimit> checked = limits.stream().map(PlanRules::checked).toList();
        Set<String> names = new HashSet<>();
        for (PlanLimit limit : checked) {
            if (!names.add(limit.name())) {
                throw new InvalidRequestException(
                        "'limits' has two of the name '" + limit.name() + "'");
            }
        }
        return checked;
    }

    private static PlanLimit checked(PlanLimit limit) {
        // JSON leaves out what it wants, whatever the record's types say.
        if (isAbsent(limit) || isAbsent(limit.name())) {
            throw new InvalidRequestException("'limits.name' is missing");
        }
        if (isAbsent(limit.unit()) || isAbsent(limit.window())) {
            throw new InvalidRequestException(
                    "'limits.unit' or 'limits.window' of '" + limit.name() + "' is missing");
        }
        PolicyRules.fits(limit.unit(), limit.window());
        requireScope(limit);
        long amount = PolicyRules.amount(limit.amount());
        return new PlanLimit(
                PolicyRules.name(limit.name()),
                limit.unit(),
                limit.window(),
                amount,
                PolicyRules.burst(limit.window(), limit.burst(), amount),
                PolicyRules.mode(limit.window(), limit.mode()),
                PolicyRules.warnPercent(limit.warnPercent()),
                currency(limit),
                limit.scope(),
                limit.model());
    }

    private static void requireScope(PlanLimit limit) {
        if ((limit.scope() == PlanScope.MODEL) != (limit.model() != null)) {
            throw new InvalidRequestException(
                    "'limits.model' of '"
                            + limit.name()
                            + "' is "
                            + limit.model()
                            + "; the scope MODEL needs one, and nothing else has one");
        }
        boolean keeps = limit.unit() == Unit.STORED_BYTES;
        if (keeps
                && (limit.scope() == PlanScope.MODEL || limit.scope() == PlanScope.EACH_API_KEY)) {
            throw new InvalidRequestException(
                    "'limits.scope' of '"
                            + limit.name()
                            + "' is "
                            + limit.scope()
                            + ", but STORED_BYTES is for TENANT or EACH_PROJECT");
        }
    }

    private static @Nullable String currency(PlanLimit limit) {
        String currency = limit.currency();
        boolean isBudget = limit.unit() == Unit.COST_MICROS;
        if (isBudget != (currency != null)
                || (currency != null && !CURRENCY.matcher(currency).matches())) {
            throw new InvalidRequestException(
                    "'limits.currency' of '"
                            + limit.name()
                            + "' is "
                            + currency
                            + "; COST_MICROS needs one such as EUR, and nothing else has one");
        }
        return currency;
    }

    private static boolean isAbsent(@Nullable Object member) {
        return Objects.isNull(member);
    }
}
