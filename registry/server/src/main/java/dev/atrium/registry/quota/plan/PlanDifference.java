package dev.atrium.registry.quota.plan;

import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanChange.Kind;
import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.PlanOrigin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicySubject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What it takes to bring a tenant's policies of plans in line with one plan. What a policy counts
 * never changes, so a limit with another unit, window or model is another policy.
 */
final class PlanDifference {
    private record Place(PlanOrigin origin, PolicySubject subject) {}

    private PlanDifference() {}

    static List<PlanStep> between(PlannedTenant tenant, Plan plan) {
        Map<Place, Policy> rest = new LinkedHashMap<>();
        tenant.living().forEach(policy -> rest.put(place(policy), policy));
        List<PlanStep> steps = new ArrayList<>();
        for (PlanLimit limit : plan.limits()) {
            PlanOrigin origin = new PlanOrigin(plan.id(), limit.name());
            for (PolicySubject subject : tenant.subjects(limit)) {
                Place place = new Place(origin, subject);
                Policy made = rest.get(place);
                if (made == null || !counts(made, limit)) {
                    steps.add(new PlanStep(Kind.CREATE, origin, subject, null, limit));
                } else {
                    rest.remove(place);
                    Kind kind =
                            Figures.of(made).equals(Figures.of(limit)) ? Kind.KEEP : Kind.UPDATE;
                    steps.add(new PlanStep(kind, origin, subject, made, limit));
                }
            }
        }
        rest.forEach((place, policy) ->
                steps.add(
                        new PlanStep(Kind.REMOVE, place.origin(), place.subject(), policy, null)));
        return steps;
    }

    private static Place place(Policy policy) {
        return new Place(
                Objects.requireNonNull(policy.plan(), "only policies of plans are compared"),
                policy.subject());
    }

    private static boolean counts(Policy policy, PlanLimit limit) {
        return policy.unit() == limit.unit()
                && policy.window() == limit.window()
                && Objects.equals(policy.currency(), limit.currency());
    }
}
