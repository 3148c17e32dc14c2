package dev.atrium.portal.fake;

import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanId;
import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.PlanScope;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.util.List;
import java.util.UUID;

/** Plans to look at. */
public final class SamplePlans {
    private SamplePlans() {}

    public static Plan fill(FakeState state) {
        Plan team =
                FakePlans.plan(
                        new PlanId(UUID.randomUUID()),
                        "Team",
                        List.of(
                                limit("Tokens a month", Unit.TOKENS, Window.MONTH, 5_000_000, null),
                                limit("Pace", Unit.REQUESTS, Window.MINUTE, 600, null),
                                limit(
                                        "Budget",
                                        Unit.COST_MICROS,
                                        Window.MONTH,
                                        250_000_000,
                                        "EUR")),
                        12,
                        3);
        state.plans.add(team);
        return team;
    }

    /** As if somebody else had added a limit. */
    public static void changeMeanwhile(FakeState state, Plan plan) {
        state.plans.replaceAll(each ->
                each.id().equals(plan.id())
                        ? FakePlans.plan(
                                plan.id(),
                                plan.name(),
                                plan.limits(),
                                plan.tenants(),
                                plan.revision() + 1)
                        : each);
    }

    private static PlanLimit limit(
            String name, Unit unit, Window window, long amount, String currency) {
        return new PlanLimit(
                name,
                unit,
                window,
                amount,
                window.isRate() ? amount : null,
                Mode.HARD,
                80,
                currency,
                PlanScope.TENANT,
                null);
    }
}
