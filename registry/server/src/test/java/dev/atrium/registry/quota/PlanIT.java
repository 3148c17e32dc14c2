package dev.atrium.registry.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanChange;
import dev.atrium.registry.api.quota.PlanOrigin;
import dev.atrium.registry.api.quota.PlanPreview;
import dev.atrium.registry.api.quota.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanIT extends PlanTest {
    @Test
    void makesTheTenantsPoliciesFromAPlanAfterAPreview() {
        Plan plan =
                plan(
                        limit("tokens", "TOKENS", "MONTH", 100),
                        limit("pace", "REQUESTS", "SECOND", 5));
        Policy own =
                http().post(
                                "/api/v1/quota-policies",
                                acme.ownerToken(),
                                limit("own", "TOKENS", "DAY", 7))
                        .as(Policy.class);

        PlanPreview preview = preview(plan);
        Answer applied = apply(plan, preview);

        assertThat(preview.changes())
                .extracting(PlanChange::kind)
                .containsOnly(PlanChange.Kind.CREATE);
        assertThat(applied.status()).as(applied.text()).isEqualTo(200);
        assertThat(policies())
                .hasSize(3)
                .contains(own)
                .filteredOn(policy -> policy.plan() != null)
                .allSatisfy(policy -> assertThat(policy.origin()).isEqualTo(Origin.PLATFORM))
                .extracting(Policy::plan)
                .containsExactlyInAnyOrder(
                        new PlanOrigin(plan.id(), "tokens"), new PlanOrigin(plan.id(), "pace"));
        assertThat(read(plan).tenants()).isEqualTo(1);
        assertThat(kinds(preview(plan))).containsOnly(PlanChange.Kind.KEEP);
        assertThat(http().get("/api/v1/audit", acme.ownerToken()).text())
                .contains("quota_plan.applied");
    }

    @Test
    void aChangedPlanReachesItsTenantsOnlyWhenItIsAppliedAgain() {
        Plan plan =
                plan(
                        limit("tokens", "TOKENS", "MONTH", 100),
                        limit("old", "TOKENS", "DAY", 5),
                        limit("same", "REQUESTS", "DAY", 9));
        apply(plan, preview(plan));
        Policy tokens = named("tokens");

        Plan changed =
                change(
                        plan,
                        limit("tokens", "TOKENS", "MONTH", 200),
                        limit("new", "TOKENS", "HOUR", 5),
                        limit("same", "REQUESTS", "DAY", 9));
        assertThat(named("tokens")).isEqualTo(tokens);
        PlanPreview preview = preview(changed);
        apply(changed, preview);

        assertThat(preview.changes())
                .extracting(change -> change.kind() + " " + change.limit())
                .containsExactly("UPDATE tokens", "CREATE new", "KEEP same", "REMOVE old");
        assertThat(named("tokens").id()).isEqualTo(tokens.id());
        assertThat(named("tokens").amount()).isEqualTo(200);
        assertThat(policies())
                .extracting(Policy::name)
                .containsExactlyInAnyOrder("tokens", "new", "same");
    }

    @Test
    void aLimitThatCountsSomethingElseIsAnotherPolicy() {
        Plan plan = plan(limit("tokens", "TOKENS", "MONTH", 100));
        apply(plan, preview(plan));
        Policy before = named("tokens");

        Plan changed = change(plan, limit("tokens", "TOKENS", "DAY", 100));
        PlanPreview preview = preview(changed);
        Answer applied = apply(changed, preview);

        assertThat(applied.status()).as(applied.text()).isEqualTo(200);
        assertThat(kinds(preview)).containsExactly(PlanChange.Kind.CREATE, PlanChange.Kind.REMOVE);
        assertThat(policies()).hasSize(1);
        assertThat(named("tokens").id()).isNotEqualTo(before.id());
    }

    @Test
    void anotherPlanTakesThePlaceOfTheFormer() {
        Plan small = plan(limit("small tokens", "TOKENS", "MONTH", 100));
        Plan large = plan(limit("large tokens", "TOKENS", "MONTH", 900));
        apply(small, preview(small));

        apply(large, preview(large));

        assertThat(policies()).extracting(Policy::name).containsExactly("large tokens");
        assertThat(read(small).tenants()).isZero();
    }

    @Test
    void nothingHappensWhenThePreviewIsNotTrueAnyMore() {
        Plan plan = plan(limit("tokens", "TOKENS", "MONTH", 100));
        PlanPreview beforeChange = preview(plan);
        Plan changed = change(plan, limit("tokens", "TOKENS", "MONTH", 200));
        PlanPreview beforeEdit = preview(changed);
        apply(changed, beforeEdit);
        PlanPreview seen = preview(changed);
        Policy made = named("tokens");
        http().put(
                        "/api/v1/admin/tenants/" + acme.id() + "/quota-policies/" + made.id(),
                        operator,
                        Map.of("revision", 0, "amount", 300));

        for (PlanPreview stale : List.of(beforeChange, beforeEdit, seen)) {
            Answer answer = apply(changed, stale);
            assertThat(answer.status()).as(answer.text()).isEqualTo(409);
            assertThat(answer.code()).isEqualTo("conflict");
        }
        assertThat(named("tokens").amount()).isEqualTo(300);
        assertThat(kinds(preview(changed))).containsExactly(PlanChange.Kind.UPDATE);
    }

    @Test
    void isAppliedOnceHoweverManyDoSoAtOnce() throws Exception {
        Plan plan = plan(limit("tokens", "TOKENS", "MONTH", 100));
        PlanPreview preview = preview(plan);
        List<Callable<Answer>> calls =
                IntStream.range(0, 6)
                        .<Callable<Answer>>mapToObj(i -> () -> apply(plan, preview))
                        .toList();

        List<Answer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
        }

        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 200)
                .allSatisfy(answer -> assertThat(answer.code()).isEqualTo("conflict"));
        assertThat(policies()).hasSize(1);
    }

    @Test
    void deletingAPlanLeavesItsPoliciesOnTheirOwn() {
        Plan plan = plan(limit("tokens", "TOKENS", "MONTH", 100));
        Plan other = plan(limit("others", "TOKENS", "DAY", 100));
        apply(plan, preview(plan));

        assertThat(http().delete(PLANS + "/" + plan.id(), operator).status()).isEqualTo(204);
        apply(other, preview(other));

        assertThat(http().get(PLANS + "/" + plan.id(), operator).status()).isEqualTo(404);
        assertThat(named("tokens").plan()).isNull();
        assertThat(policies()).hasSize(2);
    }

    @Test
    void aBudgetInAnotherCurrencyIsNotMade() {
        Map<String, Object> budget = limit("budget", "COST_MICROS", "MONTH", 100);
        budget.put("currency", "XTS");
        Plan plan = plan(budget, limit("tokens", "TOKENS", "MONTH", 100));

        Answer applied = apply(plan, preview(plan));

        // 400 where nothing has a price yet.
        assertThat(applied.status()).as(applied.text()).isIn(400, 409);
        assertThat(policies()).isEmpty();
    }

    @Test
    void refusesWhatAPlanCannotSay() {
        Map<String, Object> good = limit("tokens", "TOKENS", "MONTH", 100);

        assertRefused("", List.of(good), "'name'");
        assertRefused("x", List.of(), "'limits' has 0");
        assertRefused("x", List.of(good, good), "two of the name 'tokens'");
        assertRefused("x", List.of(limit("a", "TOKENS", "NONE", 1)), "'window' is NONE");
        assertRefused("x", List.of(limit("a", "TOKENS", "DAY", -1)), "'amount' is -1");
        assertRefused("x", List.of(limit("a", "COST_MICROS", "DAY", 1)), "'limits.currency'");
        Map<String, Object> unitless = limit("a", "TOKENS", "DAY", 1);
        unitless.remove("unit");
        assertRefused("x", List.of(unitless), "'limits.unit'");
        Map<String, Object> paid = limit("a", "TOKENS", "DAY", 1);
        paid.put("currency", "EUR");
        assertRefused("x", List.of(paid), "'limits.currency'");
    }

    @Test
    void isTheBusinessOfThePlatformAlone() {
        Plan plan = plan(limit("tokens", "TOKENS", "MONTH", 100));
        String path = "/api/v1/admin/tenants/" + acme.id() + "/quota-plan";
        Map<String, Object> again =
                Map.of("name", plan.name(), "limits", List.of(limit("a", "TOKENS", "DAY", 1)));

        assertThat(http().get(PLANS, acme.ownerToken()).status()).isEqualTo(403);
        assertThat(http().get(path + "/preview?plan=" + plan.id(), acme.ownerToken()).status())
                .isEqualTo(403);
        assertThat(http().get(path + "/preview?plan=" + UUID.randomUUID(), operator).status())
                .isEqualTo(404);
        assertThat(http().post(PLANS, operator, again).code()).isEqualTo("name_taken");
        assertThat(http().put(PLANS + "/" + plan.id(), operator, with(again, "revision", 7)).code())
                .isEqualTo("conflict");
        assertThat(http().get(PLANS + "?limit=1", operator).json().path("items").size())
                .isEqualTo(1);
    }

    private void assertRefused(String name, List<Map<String, Object>> limits, String detail) {
        Answer answer = http().post(PLANS, operator, Map.of("name", name, "limits", limits));
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.json().path("detail").asString()).contains(detail);
    }
}
