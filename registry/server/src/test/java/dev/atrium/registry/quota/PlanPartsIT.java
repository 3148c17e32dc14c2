package dev.atrium.registry.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanChange;
import dev.atrium.registry.api.quota.PlanChange.Kind;
import dev.atrium.registry.api.quota.PlanPreview;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.Project;
import dev.atrium.registry.quota.policy.TestSweep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** Limits of plans for models, and for each project and key. */
class PlanPartsIT extends PlanTest {
    @Autowired private ApplicationContext registry;

    private final Map<String, Object> eachKey =
            scoped(limit("per key", "TOKENS", "DAY", 100), "EACH_API_KEY");
    private final Map<String, Object> eachProject =
            scoped(limit("per project", "STORED_BYTES", "LIFETIME", 1_000), "EACH_PROJECT");

    @Test
    void givesEachProjectAndKeyItsOwnAndThoseThatAreMadeLaterToo() {
        String first = key("first");
        String second = key("second");
        Plan plan = plan(eachKey, eachProject, limit("all", "TOKENS", "MONTH", 9));

        PlanPreview preview = preview(plan);
        Answer applied = apply(plan, preview);
        String third = key("third");
        Project later = project("later");

        assertThat(preview.changes())
                .extracting(PlanChange::kind, PlanChange::limit, PlanChange::count)
                .containsExactly(
                        tuple(Kind.CREATE, "per key", 2L),
                        tuple(Kind.CREATE, "per project", 1L),
                        tuple(Kind.CREATE, "all", 1L));
        assertThat(applied.status()).as(applied.text()).isEqualTo(200);
        assertThat(applied.json().size()).isEqualTo(1);
        assertThat(keysOf("per key")).containsExactlyInAnyOrder(first, second, third);
        assertThat(policies())
                .filteredOn(policy -> policy.name().equals("per project"))
                .hasSize(2)
                .anyMatch(policy -> later.id().equals(policy.subject().projectId()));
        assertThat(policies())
                .filteredOn(policy -> third.equals(policy.subject().apiKeyId()))
                .singleElement()
                .satisfies(policy -> {
                    assertThat(policy.amount()).isEqualTo(100);
                    assertThat(policy.plan().planId()).isEqualTo(plan.id());
                });
        assertThat(kinds(preview(plan))).containsOnly(Kind.KEEP);
        assertThat(feedHas(named("per key"))).isTrue();
        assertThat(http().get("/api/v1/audit", acme.ownerToken()).text())
                .contains("quota_plan.given");
    }

    @Test
    void isReadyForKeysToComeWhereThereIsNone() {
        Plan plan = plan(eachKey);
        PlanPreview preview = preview(plan);

        apply(plan, preview);
        String key = key("first");

        assertThat(preview.changes())
                .extracting(PlanChange::kind, PlanChange::count)
                .containsExactly(tuple(Kind.CREATE, 0L));
        assertThat(keysOf("per key")).containsExactly(key);
        assertThat(read(plan).tenants()).isEqualTo(1);
    }

    @Test
    void changesThemAllWhenAChangedPlanIsAppliedAndTellsOfThoseChangedByHand() {
        key("first");
        String raised = key("raised");
        Plan plan = plan(eachKey);
        apply(plan, preview(plan));
        change(policyOf(raised), 5_000);
        Plan changed = change(plan, with(eachKey, "amount", 200));

        PlanPreview preview = preview(changed);
        apply(changed, preview);

        assertThat(preview.changes())
                .extracting(PlanChange::kind, change -> change.policy().amount(), PlanChange::count)
                .containsExactlyInAnyOrder(
                        tuple(Kind.UPDATE, 100L, 1L), tuple(Kind.UPDATE, 5_000L, 1L));
        assertThat(policies()).hasSize(2).allMatch(policy -> policy.amount() == 200);
        String later = key("later");
        assertThat(policyOf(later).amount()).isEqualTo(200);
    }

    @Test
    void tellsOfOneThatGoesAndOneThatComesWhereItCountsSomethingElse() {
        key("first");
        Plan plan = plan(eachKey);
        apply(plan, preview(plan));
        Plan changed = change(plan, with(eachKey, "window", "MONTH"));

        PlanPreview preview = preview(changed);
        apply(changed, preview);

        assertThat(preview.changes())
                .extracting(PlanChange::kind, PlanChange::count)
                .containsExactlyInAnyOrder(tuple(Kind.REMOVE, 1L), tuple(Kind.CREATE, 1L));
        assertThat(policies()).extracting(Policy::window).containsExactly(Window.MONTH);
    }

    @Test
    void aKeyMadeAfterThePreviewIsNoReasonToLookAgainButAChangeByHandIs() {
        String first = key("first");
        Plan plan = plan(eachKey);
        PlanPreview seen = preview(plan);
        String second = key("second");
        assertThat(apply(plan, seen).status()).isEqualTo(200);
        Plan changed = change(plan, with(eachKey, "amount", 200));
        PlanPreview beforeThird = preview(changed);
        String third = key("third");
        PlanPreview beforeRaise = preview(changed);
        change(policyOf(first), 5_000);

        Answer stale = apply(changed, beforeRaise);

        assertThat(beforeThird.digest()).isEqualTo(beforeRaise.digest());
        assertThat(stale.code()).isEqualTo("conflict");
        assertThat(keysOf("per key")).containsExactlyInAnyOrder(first, second, third);
        assertThat(policyOf(first).amount()).isEqualTo(5_000);
    }

    @Test
    void goesWithItsPlanAndLeavesWhatTheTenantHasOfItsOwn() {
        String key = key("first");
        Policy own =
                http().post(
                                "/api/v1/quota-policies",
                                acme.ownerToken(),
                                with(
                                        limit("own", "TOKENS", "DAY", 7),
                                        "subject",
                                        Map.of("apiKeyId", key)))
                        .as(Policy.class);
        Plan plan = plan(eachKey);
        Plan other = plan(limit("all", "TOKENS", "MONTH", 9));
        apply(plan, preview(plan));
        Policy given = policyOf(key);
        String path = "/api/v1/quota-policies/" + given.id();
        assertThat(http().delete(path, acme.ownerToken()).status()).isEqualTo(403);

        PlanPreview preview = preview(other);
        Answer applied = apply(other, preview);
        key("later");

        assertThat(preview.changes())
                .extracting(PlanChange::kind, PlanChange::limit, PlanChange::count)
                .containsExactly(tuple(Kind.CREATE, "all", 1L), tuple(Kind.REMOVE, "per key", 1L));
        assertThat(applied.status()).as(applied.text()).isEqualTo(200);
        assertThat(policies()).extracting(Policy::name).containsExactlyInAnyOrder("all", "own");
        assertThat(policies()).contains(own);
        assertThat(feedHas(given)).isFalse();
    }

    @Test
    void aDeletedPlanGivesNothingMore() {
        key("first");
        Plan plan = plan(eachKey);
        apply(plan, preview(plan));

        assertThat(http().delete(PLANS + "/" + plan.id(), operator).status()).isEqualTo(204);
        key("later");

        assertThat(policies()).singleElement().matches(policy -> policy.plan() == null);
    }

    @Test
    void aRevokedKeyNeedsNoLimit() {
        String gone = key("gone");
        String stays = key("stays");
        Plan plan = plan(eachKey);
        apply(plan, preview(plan));
        Policy ofGone = policyOf(gone);
        http().delete("/api/v1/api-keys/" + gone, acme.ownerToken());
        PlanPreview before = preview(plan);

        await().until(leadership::isLeader);
        TestSweep.run(registry);

        assertThat(keysOf("per key")).containsExactly(stays);
        assertThat(feedHas(ofGone)).isFalse();
        assertThat(before.changes())
                .extracting(PlanChange::kind, PlanChange::count)
                .containsExactly(tuple(Kind.KEEP, 1L));
        assertThat(preview(plan).digest()).isEqualTo(before.digest());
    }

    @Test
    void everyKeyHasItsLimitHoweverManyAreMadeWhileThePlanIsApplied() throws Exception {
        Plan plan = plan(eachKey);
        PlanPreview preview = preview(plan);
        List<Callable<Answer>> calls =
                new ArrayList<>(
                        IntStream.range(0, 12)
                                .<Callable<Answer>>mapToObj(i -> () -> makeKey("k" + i))
                                .toList());
        calls.add(6, () -> apply(plan, preview));

        List<Answer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
        }

        assertThat(answers).extracting(Answer::status).containsOnly(200, 201);
        assertThat(keysOf("per key")).hasSize(12).doesNotHaveDuplicates();
    }

    @Test
    void countsWhatATenantUsesOfOneModel() {
        String model = acme.slug() + "/iris";
        makeModel(acme, "iris");
        Plan plan = plan(ofModel(model));

        Answer applied = apply(plan, preview(plan));

        assertThat(applied.status()).as(applied.text()).isEqualTo(200);
        assertThat(named("of model").subject().model()).hasToString(model);
        assertThat(kinds(preview(plan))).containsExactly(Kind.KEEP);
    }

    @Test
    void refusesAModelThatTheTenantDoesNotSeeAndOneThatThereIsNot() {
        TestTenant others = tenant("others");
        String foreign = others.slug() + "/secret";
        Answer unknown =
                http().post(
                                PLANS,
                                operator,
                                Map.of("name", "x", "limits", List.of(ofModel(foreign))));
        makeModel(others, "secret");
        Plan plan = plan(ofModel(foreign), limit("all", "TOKENS", "MONTH", 9));

        Answer applied = apply(plan, preview(plan));

        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.json().path("detail").asString()).contains("which there is not");
        assertThat(applied.status()).as(applied.text()).isEqualTo(409);
        assertThat(applied.json().path("detail").asString()).contains("does not see");
        assertThat(policies()).isEmpty();
    }

    @Test
    void makesNoMoreForEachThanGatewaysCanKnow() {
        platform.sql(
                        """
                        INSERT INTO api_key (id, tenant_id, project_id, name, hint, secret_hash,
                                             scopes, requests_per_minute, created_by)
                        SELECT left(md5(p.id::text || i), 16), p.tenant_id, p.id, 'k' || i, 'k',
                               repeat('0', 64), '{inference:invoke}', 60, 'test'
                        FROM project p, generate_series(1, 200) i WHERE p.tenant_id = ?
                        """)
                .param(acme.id().value())
                .update();
        Map<?, ?>[] five =
                IntStream.range(0, 5)
                        .mapToObj(i -> with(eachKey, "name", "per key " + i))
                        .toArray(Map<?, ?>[]::new);
        Plan plan = plan(five);
        Plan more = plan(with(eachKey, "name", "x"), with(eachKey, "name", "y"));

        Answer applied = apply(plan, preview(plan));
        Answer oneMore = makeKey("one more");
        long full = madeForEach();
        apply(more, preview(more));

        assertThat(applied.status()).as(applied.text()).isEqualTo(200);
        assertThat(full).isEqualTo(1_000);
        assertThat(oneMore.status()).as(oneMore.text()).isEqualTo(409);
        assertThat(oneMore.json().path("detail").asString()).contains("1000 is the most");
        assertThat(madeForEach()).isEqualTo(400);
        assertThat(policy(acme, Unit.TOKENS, Window.DAY, 5)).isNotNull();
    }

    @Test
    void refusesScopesThatMakeNoSense() {
        assertRefused(scoped(limit("a", "TOKENS", "DAY", 1), "MODEL"), "'limits.model'");
        assertRefused(with(limit("a", "TOKENS", "DAY", 1), "model", "atrium/x"), "'limits.model'");
        assertRefused(
                scoped(limit("a", "STORED_BYTES", "LIFETIME", 1), "EACH_API_KEY"),
                "'limits.scope'");
        assertRefused(scoped(limit("a", "TOKENS", "DAY", 1), "EVERYBODY"), "");
    }

    private long madeForEach() {
        return platform.sql(
                        """
                        SELECT count(*) FROM quota_policy
                        WHERE tenant_id = ? AND made_for_each AND deleted_at IS NULL
                        """)
                .param(acme.id().value())
                .query(Long.class)
                .single();
    }

    private void makeModel(TestTenant tenant, String name) {
        Answer made = http().post("/api/v1/models", tenant.ownerToken(), Map.of("name", name));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
    }

    private static Map<String, Object> ofModel(String model) {
        return with(scoped(limit("of model", "TOKENS", "DAY", 100), "MODEL"), "model", model);
    }

    private void assertRefused(Map<String, Object> limit, String detail) {
        Answer answer = http().post(PLANS, operator, Map.of("name", "x", "limits", List.of(limit)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.json().path("detail").asString()).contains(detail);
    }

    private Answer makeKey(String name) {
        return http().post("/api/v1/api-keys", acme.ownerToken(), Map.of("name", name));
    }

    private String key(String name) {
        Answer made = makeKey(name);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.as(CreatedApiKey.class).apiKey().id();
    }

    private Project project(String slug) {
        Answer made =
                http().post(
                                "/api/v1/projects",
                                acme.ownerToken(),
                                Map.of("slug", slug, "name", slug));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.as(Project.class);
    }

    /** By the platform, which may. */
    private void change(Policy policy, long amount) {
        Answer changed =
                http().put(
                                "/api/v1/admin/tenants/"
                                        + acme.id()
                                        + "/quota-policies/"
                                        + policy.id(),
                                operator,
                                Map.of("revision", policy.revision(), "amount", amount));
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    }

    private List<String> keysOf(String limit) {
        return policies().stream()
                .filter(policy -> policy.name().equals(limit))
                .map(policy -> policy.subject().apiKeyId())
                .toList();
    }

    private Policy policyOf(String key) {
        return policies().stream()
                .filter(policy -> key.equals(policy.subject().apiKeyId()))
                .filter(policy -> policy.plan() != null)
                .findFirst()
                .orElseThrow();
    }

    private boolean feedHas(Policy policy) {
        return platform.sql(
                        """
                        SELECT body IS NOT NULL FROM feed_entry
                        WHERE kind = 'QUOTA_POLICY' AND id = ?
                        """)
                .param(policy.id().toString())
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }
}
