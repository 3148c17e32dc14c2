package dev.atrium.registry.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.tenancy.Role;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class QuotaPolicyIT extends RegistryTest {
    private static final String POLICIES = "/api/v1/quota-policies";

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    @Test
    void makesAPolicyWithDefaultsAndTellsTheGateways() {
        TestTenant acme = tenant("quota");

        Policy made = create(acme, wish("TOKENS", "MONTH", 1_000_000)).as(Policy.class);

        assertThat(made.mode()).isEqualTo(Mode.HARD);
        assertThat(made.warnPercent()).isEqualTo(80);
        assertThat(made.burst()).isNull();
        assertThat(made.origin()).isEqualTo(Origin.TENANT);
        assertThat(made.createdBy()).isEqualTo("user:" + acme.ownerEmail());
        assertThat(made.revision()).isZero();
        assertThat(http().get(POLICIES + "/" + made.id(), acme.ownerToken()).as(Policy.class))
                .isEqualTo(made);
        JsonNode published = published(made);
        assertThat(published.path("amount").asLong()).isEqualTo(1_000_000);
        assertThat(published.path("tenantId").asString()).isEqualTo(acme.id().toString());
        assertThat(published.path("window").asString()).isEqualTo("MONTH");
    }

    @Test
    void aRateMayComeAtOnceByDefault() {
        TestTenant acme = tenant("quota");

        Policy rate = create(acme, wish("REQUESTS", "SECOND", 50)).as(Policy.class);
        Policy none = create(acme, wish("REQUESTS", "MINUTE", 0)).as(Policy.class);

        assertThat(rate.burst()).isEqualTo(50);
        assertThat(none.burst()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "TOKENS|NONE|5||HARD|80|'window' is NONE",
                "CONCURRENCY|HOUR|5||HARD|80|its window is NONE",
                "TOKENS|HOUR|-1||HARD|80|'amount' is -1",
                "TOKENS|HOUR|1000000000000001||HARD|80|'amount' is 1000000000000001",
                "TOKENS|HOUR|5|5|HARD|80|'burst' is for rates",
                "TOKENS|SECOND|5|0|HARD|80|'burst' is 0",
                "TOKENS|SECOND|5||SOFT|80|use DRY_RUN",
                "CONCURRENCY|NONE|5||SOFT|80|use DRY_RUN",
                "TOKENS|HOUR|5||HARD|0|'warnPercent' is 0",
                "TOKENS|HOUR|5||HARD|101|'warnPercent' is 101",
                "PARSECS|HOUR|5||HARD|80|'unit'",
                "TOKENS|HOUR|99999999999999999999||HARD|80|out of range",
                "TOKENS|HOUR|||HARD|80|'amount'",
            })
    void refusesWhatAPolicyCannotSay(
            String unit,
            String window,
            String amount,
            Long burst,
            String mode,
            int warnPercent,
            String detail) {
        TestTenant acme = tenant("quota");
        Map<String, Object> wish = new HashMap<>(Map.of("name", "x", "unit", unit));
        wish.put("window", window);
        wish.put("amount", amount == null ? null : new BigInteger(amount));
        wish.put("burst", burst);
        wish.put("mode", mode);
        wish.put("warnPercent", warnPercent);

        Answer answer = create(acme, wish);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.json().path("detail").asString()).contains(detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "amount|-1|'amount' is -1",
                "amount|1000000000000001|'amount' is 1000000000000001",
                "amount|99999999999999999999|out of range",
                "burst|0|'burst' is 0",
                "burst|-1|'burst' is -1",
                "warnPercent|0|'warnPercent' is 0",
                "warnPercent|101|'warnPercent' is 101",
            })
    void refusesAChangeToWhatAPolicyCannotSay(String member, BigInteger value, String detail) {
        TestTenant acme = tenant("quota");
        Policy made = create(acme, wish("REQUESTS", "MINUTE", 12)).as(Policy.class);
        String path = POLICIES + "/" + made.id();

        Answer answer =
                http().put(path, acme.ownerToken(), with(Map.of("revision", 0), member, value));

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("invalid_request");
        assertThat(answer.json().path("detail").asString()).contains(detail);
        assertThat(http().get(path, acme.ownerToken()).as(Policy.class)).isEqualTo(made);
    }

    @Test
    void mayBeChangedToNothingAndBack() {
        TestTenant acme = tenant("quota");
        Policy made = create(acme, wish("TOKENS", "DAY", 12)).as(Policy.class);
        String path = POLICIES + "/" + made.id();

        Answer none = http().put(path, acme.ownerToken(), Map.of("revision", 0, "amount", 0));
        JsonNode ofNone = published(made);
        Answer back = http().put(path, acme.ownerToken(), Map.of("revision", 1, "amount", 12));

        assertThat(none.status()).as(none.text()).isEqualTo(200);
        assertThat(none.as(Policy.class).amount()).isZero();
        assertThat(ofNone.path("amount").asLong(-1)).isZero();
        assertThat(back.as(Policy.class).amount()).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource({"unit, REQUESTS", "unit, PARSECS", "window, MONTH", "window, EON"})
    void neverCountsAnythingElse(String member, String value) {
        TestTenant acme = tenant("quota");
        Policy made = create(acme, wish("TOKENS", "DAY", 12)).as(Policy.class);
        String path = POLICIES + "/" + made.id();

        Answer changed =
                http().put(
                                path,
                                acme.ownerToken(),
                                with(Map.of("revision", 0, "amount", 13), member, value));

        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.as(Policy.class).amount()).isEqualTo(13);
        assertThat(changed.as(Policy.class).unit()).isEqualTo(made.unit());
        assertThat(changed.as(Policy.class).window()).isEqualTo(made.window());
        assertThat(published(made).path("unit").asString()).isEqualTo("TOKENS");
        assertThat(published(made).path("window").asString()).isEqualTo("DAY");
    }

    @Test
    void aPolicyThatBlocksItsOwnAdminCanBeTakenBackByIt() {
        TestTenant acme = tenant("quota");
        JsonNode made =
                http().post(
                                "/api/v1/api-keys",
                                acme.ownerToken(),
                                Map.of("name", "admin", "scopes", List.of("quota:admin")))
                        .json();
        String admin = made.path("secret").asString();
        String id = made.path("apiKey").path("id").asString();

        Answer ofKey =
                http().post(
                                POLICIES,
                                admin,
                                with(
                                        wish("REQUESTS", "LIFETIME", 0),
                                        "subject",
                                        Map.of("apiKeyId", id)));
        Answer ofTenant = http().post(POLICIES, admin, wish("REQUESTS", "SECOND", 0));

        assertThat(ofKey.status()).as(ofKey.text()).isEqualTo(201);
        assertThat(ofTenant.status()).as(ofTenant.text()).isEqualTo(201);
        for (Answer blocking : List.of(ofKey, ofTenant)) {
            String path = POLICIES + "/" + blocking.as(Policy.class).id();
            assertThat(http().get(path, admin).status()).isEqualTo(200);
            assertThat(http().delete(path, admin).status()).isEqualTo(204);
        }
    }

    @Test
    void refusesSubjectsThatTheTenantDoesNotHaveAndMoreThanOne() {
        TestTenant acme = tenant("quota");
        TestTenant globex = tenant("quota");
        String foreignKey = apiKey(globex);
        String foreignProject = project(globex);
        String ownKey = apiKey(acme);
        String ownProject = project(acme);
        model(globex, "secret");
        model(acme, "iris");

        assertRefused(acme, Map.of("apiKeyId", foreignKey), "subject.apiKeyId");
        assertRefused(acme, Map.of("projectId", foreignProject), "subject.projectId");
        assertRefused(acme, Map.of("model", globex.slug() + "/secret"), "subject.model");
        assertRefused(acme, Map.of("model", "iris"), "subject.model");
        assertRefused(acme, Map.of("apiKeyId", ownKey, "projectId", ownProject), "not for several");
        for (Map<String, String> subject :
                List.of(
                        Map.of("apiKeyId", ownKey),
                        Map.of("projectId", ownProject),
                        Map.of("model", acme.slug() + "/iris"))) {
            Answer made = create(acme, with(wish("TOKENS", "DAY", 5), "subject", subject));
            assertThat(made.status()).as(made.text()).isEqualTo(201);
            assertThat(made.json().path("subject").toString())
                    .contains(subject.values().iterator().next());
        }
    }

    @Test
    void changesWhatWasReadAndNothingElse() {
        TestTenant acme = tenant("quota");
        Policy made =
                create(acme, with(wish("REQUESTS", "MINUTE", 12), "burst", 10)).as(Policy.class);
        String path = POLICIES + "/" + made.id();

        Answer changed = http().put(path, acme.ownerToken(), Map.of("revision", 0, "amount", 20));
        Answer stale = http().put(path, acme.ownerToken(), Map.of("revision", 0, "amount", 30));
        Answer soft = http().put(path, acme.ownerToken(), Map.of("revision", 1, "mode", "SOFT"));
        Answer unread = http().put(path, acme.ownerToken(), Map.of("amount", 30));

        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.as(Policy.class).amount()).isEqualTo(20);
        assertThat(changed.as(Policy.class).burst()).isEqualTo(10);
        assertThat(changed.as(Policy.class).revision()).isEqualTo(1);
        assertThat(published(made).path("amount").asLong()).isEqualTo(20);
        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.code()).isEqualTo("conflict");
        assertThat(soft.status()).isEqualTo(400);
        assertThat(unread.status()).as(unread.text()).isEqualTo(400);
    }

    @Test
    void aDeletedPolicyIsAbsentForEverybody() {
        TestTenant acme = tenant("quota");
        Policy made = create(acme, wish("TOKENS", "DAY", 10)).as(Policy.class);
        String path = POLICIES + "/" + made.id();

        assertThat(http().delete(path, acme.ownerToken()).status()).isEqualTo(204);

        assertThat(http().get(path, acme.ownerToken()).status()).isEqualTo(404);
        assertThat(http().delete(path, acme.ownerToken()).status()).isEqualTo(404);
        assertThat(http().get(POLICIES, acme.ownerToken()).json().path("items").size()).isZero();
        assertThat(bodyInFeed(made)).isEmpty();
    }

    @Test
    void ownersReadWhatThePlatformSetAndCannotChangeIt() {
        TestTenant acme = tenant("quota");
        String admin = "/api/v1/admin/tenants/" + acme.id() + "/quota-policies";
        Policy set =
                http().post(admin, operatorToken(), wish("TOKENS", "DAY", 10)).as(Policy.class);
        Policy own = create(acme, wish("TOKENS", "DAY", 5)).as(Policy.class);
        String path = POLICIES + "/" + set.id();

        Answer changed = http().put(path, acme.ownerToken(), Map.of("revision", 0, "amount", 99));
        Answer deleted = http().delete(path, acme.ownerToken());
        Answer byAdmin =
                http().put(
                                admin + "/" + own.id(),
                                operatorToken(),
                                Map.of("revision", 0, "amount", 7));

        assertThat(set.origin()).isEqualTo(Origin.PLATFORM);
        assertThat(http().get(path, acme.ownerToken()).as(Policy.class)).isEqualTo(set);
        assertThat(changed.status()).isEqualTo(403);
        assertThat(changed.code()).isEqualTo("insufficient_scope");
        assertThat(deleted.status()).isEqualTo(403);
        assertThat(byAdmin.as(Policy.class).amount()).isEqualTo(7);
        assertThat(http().get(admin, operatorToken()).json().path("items").size()).isEqualTo(2);
        assertThat(http().delete(admin + "/" + set.id(), operatorToken()).status()).isEqualTo(204);
        assertThat(http().get(admin, acme.ownerToken()).status()).isEqualTo(403);
        assertThat(
                        http().get(
                                        "/api/v1/admin/tenants/"
                                                + UUID.randomUUID()
                                                + "/quota-policies",
                                        operatorToken())
                                .status())
                .isEqualTo(404);
    }

    @Test
    void thePlatformSetsLimitsForProjectsAndKeysOfATenant() {
        TestTenant acme = tenant("quota");
        TestTenant globex = tenant("quota");
        String key = apiKey(acme);
        String foreignKey = apiKey(globex);
        String admin = "/api/v1/admin/tenants/" + acme.id();
        String operator = operatorToken();

        JsonNode keys = http().get(admin + "/api-keys", operator).json().path("items");
        JsonNode projects = http().get(admin + "/projects", operator).json().path("items");
        String project = projects.path(0).path("id").asString();
        Policy ofKey = setFor(admin, Map.of("apiKeyId", key)).as(Policy.class);
        Policy ofProject = setFor(admin, Map.of("projectId", project)).as(Policy.class);
        Answer ofForeign = setFor(admin, Map.of("apiKeyId", foreignKey));

        assertThat(keys.findValuesAsString("id")).containsExactly(key);
        assertThat(project).isEqualTo(project(acme));
        assertThat(keys.toString()).doesNotContain("secret");
        assertThat(ofKey.origin()).isEqualTo(Origin.PLATFORM);
        assertThat(ofKey.subject().apiKeyId()).isEqualTo(key);
        assertThat(published(ofKey).path("subject").path("apiKeyId").asString()).isEqualTo(key);
        assertThat(ofProject.subject().projectId()).hasToString(project);
        assertThat(ofForeign.status()).isEqualTo(400);
        String path = POLICIES + "/" + ofKey.id();
        assertThat(http().delete(path, acme.ownerToken()).status()).isEqualTo(403);
        for (String list : List.of("/api-keys", "/projects")) {
            assertThat(http().get(admin + list, acme.ownerToken()).status()).isEqualTo(403);
            String nobody = "/api/v1/admin/tenants/" + UUID.randomUUID() + list;
            assertThat(http().get(nobody, operator).status()).isEqualTo(404);
        }
    }

    private Answer setFor(String admin, Map<String, String> subject) {
        return http().post(
                        admin + "/quota-policies",
                        operatorToken(),
                        with(wish("TOKENS", "DAY", 5), "subject", subject));
    }

    @Test
    void readingNeedsUsageAndChangingNeedsQuotaAdmin() {
        TestTenant acme = tenant("quota");
        addMember(acme.id(), "viewer@" + acme.slug() + ".test", Role.VIEWER);
        String viewer = tokenOf("viewer@" + acme.slug() + ".test");

        assertThat(http().get(POLICIES, viewer).status()).isEqualTo(200);
        Answer refused = http().post(POLICIES, viewer, wish("TOKENS", "DAY", 10));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.header("WWW-Authenticate")).contains("quota:admin");
    }

    @Test
    void everyWriteLeavesAnAuditRowInTheTenant() {
        TestTenant acme = tenant("quota");
        Policy made = create(acme, wish("TOKENS", "DAY", 10)).as(Policy.class);
        String path = "/api/v1/admin/tenants/" + acme.id() + "/quota-policies/" + made.id();
        http().put(path, operatorToken(), Map.of("revision", 0, "amount", 20));
        http().delete(path, operatorToken());

        JsonNode rows = http().get("/api/v1/audit", acme.ownerToken()).json().path("items");

        assertThat(rows.findValuesAsString("action").subList(0, 3))
                .containsExactly(
                        "quota_policy.deleted", "quota_policy.changed", "quota_policy.created");
        assertThat(rows.path(1).path("detail").asString()).contains("10 TOKENS", "20 TOKENS");
        assertThat(rows.path(0).path("subject").asString()).isEqualTo("quota_policy:" + made.id());
    }

    @Test
    void aTenantHasABoundedNumberOfPoliciesHoweverManyAreMadeAtOnce() throws Exception {
        TestTenant acme = tenant("quota");
        platform.sql(
                        """
                        INSERT INTO quota_policy (tenant_id, name, unit, time_window, amount, mode,
                                                  warn_percent, origin, created_by)
                        SELECT ?, 'p' || n, 'TOKENS', 'DAY', 1, 'HARD', 80, 'TENANT', 'test'
                        FROM generate_series(1, 197) n
                        """)
                .param(acme.id().value())
                .update();

        List<Answer> answers;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> asked =
                    IntStream.range(0, 8)
                            .mapToObj(i ->
                                    threads.submit(() -> create(acme, wish("TOKENS", "DAY", 1))))
                            .toList();
            answers = new ArrayList<>();
            for (Future<Answer> answer : asked) {
                answers.add(answer.get());
            }
        }

        assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(3);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 201)
                .allSatisfy(answer -> {
                    assertThat(answer.status()).isEqualTo(409);
                    assertThat(answer.json().path("detail").asString()).contains("200");
                });
    }

    @Test
    void listsInPages() {
        TestTenant acme = tenant("quota");
        for (int i = 0; i < 3; i++) {
            create(acme, wish("TOKENS", "DAY", i));
        }

        JsonNode first = http().get(POLICIES + "?limit=2", acme.ownerToken()).json();
        String cursor = first.path("nextCursor").asString();
        JsonNode second =
                http().get(POLICIES + "?limit=2&cursor=" + cursor, acme.ownerToken()).json();

        assertThat(first.path("items").findValuesAsString("amount")).containsExactly("2", "1");
        assertThat(second.path("items").findValuesAsString("amount")).containsExactly("0");
        assertThat(second.path("nextCursor").isNull()).isTrue();
    }

    private Answer create(TestTenant tenant, Map<String, Object> wish) {
        return http().post(POLICIES, tenant.ownerToken(), wish);
    }

    private void assertRefused(TestTenant tenant, Map<String, String> subject, String detail) {
        Answer answer = create(tenant, with(wish("TOKENS", "DAY", 5), "subject", subject));
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.json().path("detail").asString()).contains(detail);
    }

    private static Map<String, Object> wish(String unit, String window, long amount) {
        return Map.of("name", "a limit", "unit", unit, "window", window, "amount", amount);
    }

    private static Map<String, Object> with(Map<String, Object> wish, String member, Object value) {
        Map<String, Object> more = new HashMap<>(wish);
        more.put(member, value);
        return more;
    }

    private String apiKey(TestTenant tenant) {
        return http().post("/api/v1/api-keys", tenant.ownerToken(), Map.of("name", "k"))
                .json()
                .path("apiKey")
                .path("id")
                .asString();
    }

    private String project(TestTenant tenant) {
        return http().get("/api/v1/projects", tenant.ownerToken())
                .json()
                .path("items")
                .path(0)
                .path("id")
                .asString();
    }

    private void model(TestTenant tenant, String name) {
        Answer made =
                http().post(
                                "/api/v1/models",
                                tenant.ownerToken(),
                                Map.of("name", name, "task", "TENSORS"));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
    }

    private JsonNode published(Policy policy) {
        return Answer.JSON.readTree(bodyInFeed(policy).getFirst());
    }

    private List<String> bodyInFeed(Policy policy) {
        return platform.sql(
                        """
                        SELECT body::text FROM feed_entry
                        WHERE kind = 'QUOTA_POLICY' AND id = ? AND body IS NOT NULL
                        """)
                .param(policy.id().toString())
                .query(String.class)
                .list();
    }
}
