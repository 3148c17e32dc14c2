package dev.atrium.registry.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanChange;
import dev.atrium.registry.api.quota.PlanPreview;
import dev.atrium.registry.api.quota.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/** What tests of plans share: a tenant, and plans that are made for and applied to it. */
abstract class PlanTest extends QuotaTest {
    static final String PLANS = "/api/v1/admin/quota-plans";

    TestTenant acme;
    String operator;

    @BeforeEach
    void makeTenant() {
        acme = tenant("plan");
        operator = operatorToken();
    }

    Plan plan(Map<?, ?>... limits) {
        Answer made =
                http().post(
                                PLANS,
                                operator,
                                Map.of(
                                        "name",
                                        "plan " + UUID.randomUUID(),
                                        "limits",
                                        List.of(limits)));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.as(Plan.class);
    }

    Plan change(Plan plan, Map<?, ?>... limits) {
        Answer changed =
                http().put(
                                PLANS + "/" + plan.id(),
                                operator,
                                Map.of(
                                        "revision", plan.revision(),
                                        "name", plan.name(),
                                        "limits", List.of(limits)));
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        return changed.as(Plan.class);
    }

    Plan read(Plan plan) {
        return http().get(PLANS + "/" + plan.id(), operator).as(Plan.class);
    }

    PlanPreview preview(Plan plan) {
        Answer answer =
                http().get(
                                "/api/v1/admin/tenants/"
                                        + acme.id()
                                        + "/quota-plan/preview?plan="
                                        + plan.id(),
                                operator);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.as(PlanPreview.class);
    }

    Answer apply(Plan plan, PlanPreview preview) {
        return http().put(
                        "/api/v1/admin/tenants/" + acme.id() + "/quota-plan",
                        operator,
                        Map.of("planId", plan.id().value(), "digest", preview.digest()));
    }

    List<Policy> policies() {
        List<Policy> all = new ArrayList<>();
        http().get("/api/v1/quota-policies?limit=200", acme.ownerToken())
                .json()
                .path("items")
                .forEach(each -> all.add(Answer.JSON.treeToValue(each, Policy.class)));
        return all;
    }

    Policy named(String name) {
        return policies().stream()
                .filter(policy -> policy.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static List<PlanChange.Kind> kinds(PlanPreview preview) {
        return preview.changes().stream().map(PlanChange::kind).toList();
    }

    static Map<String, Object> limit(String name, String unit, String window, long amount) {
        return new HashMap<>(
                Map.of("name", name, "unit", unit, "window", window, "amount", amount));
    }

    static Map<String, Object> with(Map<String, Object> map, String member, Object value) {
        Map<String, Object> more = new HashMap<>(map);
        more.put(member, value);
        return more;
    }

    /** Of whom, and on which model. */
    static Map<String, Object> scoped(Map<String, Object> limit, String scope) {
        return with(limit, "scope", scope);
    }
}
