package dev.atrium.portal.fake;

import dev.atrium.portal.fake.FakeRegistry.Call;
import dev.atrium.portal.fake.FakeRegistry.Refused;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.quota.ApplyPlan;
import dev.atrium.registry.api.quota.CreatePlan;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanChange;
import dev.atrium.registry.api.quota.PlanId;
import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.PlanPreview;
import dev.atrium.registry.api.quota.UpdatePlan;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Plans; a preview always makes everything, for four of each sort, and its digest is the plan's
 * revision.
 */
final class FakePlans {
    private static final String PLANS = "/admin/quota-plans";
    private static final String ONE = PLANS + "/([^/]+)";

    private FakePlans() {}

    static void register(FakeRegistry registry) {
        registry.route("GET", PLANS, call -> FakeApi.page(call, call.state().plans));
        registry.route("POST", PLANS, FakePlans::create);
        registry.route("GET", ONE, call -> find(call, call.part(1)));
        registry.route("PUT", ONE, FakePlans::update);
        registry.route(
                "DELETE",
                ONE,
                call -> {
                    call.state().plans.remove(find(call, call.part(1)));
                    return null;
                });
        registry.route("GET", "/admin/tenants/([^/]+)/quota-plan/preview", FakePlans::preview);
        registry.route("PUT", "/admin/tenants/([^/]+)/quota-plan", FakePlans::apply);
    }

    private static Plan find(Call call, String id) {
        return call.state().plans.stream()
                .filter(plan -> plan.id().toString().equals(id))
                .findFirst()
                .orElseThrow(FakeApi::absent);
    }

    private static Object create(Call call) {
        CreatePlan wish = call.body(CreatePlan.class);
        Plan made = plan(new PlanId(UUID.randomUUID()), wish.name(), wish.limits(), 0, 0);
        call.state().plans.addFirst(made);
        return call.created(made);
    }

    private static Object update(Call call) {
        UpdatePlan wish = call.body(UpdatePlan.class);
        Plan present = find(call, call.part(1));
        return replace(
                call,
                plan(
                        present.id(),
                        wish.name(),
                        wish.limits(),
                        present.tenants(),
                        present.revision() + 1));
    }

    private static Plan replace(Call call, Plan now) {
        call.state().plans.replaceAll(each -> each.id().equals(now.id()) ? now : each);
        return now;
    }

    static Plan plan(PlanId id, String name, List<PlanLimit> limits, long tenants, int revision) {
        return new Plan(
                id,
                name,
                limits,
                tenants,
                "user:ada",
                Instant.now().minusSeconds(90_000),
                Instant.now().minusSeconds(7_300),
                revision);
    }

    private static Object preview(Call call) {
        Plan plan = find(call, call.query("plan"));
        return new PlanPreview(
                plan.id(),
                plan.revision(),
                plan.limits().stream()
                        .map(limit ->
                                new PlanChange(
                                        PlanChange.Kind.CREATE,
                                        limit.name(),
                                        null,
                                        limit,
                                        limit.scope().isEach() ? 4 : 1))
                        .toList(),
                String.valueOf(plan.revision()));
    }

    private static Object apply(Call call) {
        ApplyPlan wish = call.body(ApplyPlan.class);
        Plan plan = find(call, wish.planId().toString());
        if (!wish.digest().equals(String.valueOf(plan.revision()))) {
            throw new Refused(409, ErrorCode.CONFLICT, "The plan has changed; look again.");
        }
        replace(
                call,
                plan(plan.id(), plan.name(), plan.limits(), plan.tenants() + 1, plan.revision()));
        return List.of();
    }
}
