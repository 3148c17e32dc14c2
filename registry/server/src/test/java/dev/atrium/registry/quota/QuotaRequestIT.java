package dev.atrium.registry.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.RequestState;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.database.TenantScope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

class QuotaRequestIT extends RegistryTest {
    private static final String POLICIES = "/api/v1/quota-policies";
    private static final String REQUESTS = "/api/v1/quota-requests";
    private static final String ALL = "/api/v1/admin/quota-requests";

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    @Autowired JdbcClient app;
    @Autowired TransactionTemplate transactions;

    private TestTenant acme;
    private String developer;

    @BeforeEach
    void makeTenant() {
        acme = tenant("asking");
        developer = member("dev", Role.DEVELOPER);
    }

    @Test
    void anOwnerApprovesWhatADeveloperAsksFor() {
        Policy policy = policy(100);

        QuotaRequest asked = ask(developer, policy, 500).as(QuotaRequest.class);
        Answer approved = decide(asked, approval(policy));

        assertThat(asked.state()).isEqualTo(RequestState.OPEN);
        assertThat(asked.formerAmount()).isEqualTo(100);
        assertThat(asked.requestedBy()).isEqualTo("user:dev@" + acme.slug() + ".test");
        assertThat(asked.tenantSlug()).isEqualTo(acme.slug());
        assertThat(asked.outcome()).isNull();
        assertThat(approved.status()).as(approved.text()).isEqualTo(200);
        QuotaRequest decided = mine(developer).getFirst();
        assertThat(decided).isEqualTo(approved.as(QuotaRequest.class));
        assertThat(decided.state()).isEqualTo(RequestState.APPROVED);
        assertThat(decided.policy().amount()).isEqualTo(500);
        assertThat(decided.outcome().granted()).isEqualTo(500);
        assertThat(decided.outcome().by()).isEqualTo("user:" + acme.ownerEmail());
        assertThat(amountOf(policy)).isEqualTo(500);
        assertThat(amountInFeed(policy)).isEqualTo(500);
    }

    @Test
    void aTrimmedOrDeniedRequestSaysWhy() {
        Policy trimmed = policy(100);
        Policy denied = policy(100);
        QuotaRequest first = ask(developer, trimmed, 500).as(QuotaRequest.class);
        QuotaRequest second = ask(developer, denied, 500).as(QuotaRequest.class);
        Map<String, Object> trim =
                Map.of("decision", "TRIM", "policyRevision", 0, "amount", 200, "note", "half year");

        Answer less = decide(first, trim);
        Answer nothing = decide(second, Map.of("decision", "DENY", "note", "use the batch queue"));

        assertThat(less.as(QuotaRequest.class).state()).isEqualTo(RequestState.TRIMMED);
        assertThat(amountOf(trimmed)).isEqualTo(200);
        assertThat(nothing.as(QuotaRequest.class).state()).isEqualTo(RequestState.DENIED);
        assertThat(amountOf(denied)).isEqualTo(100);
        assertThat(mine(developer))
                .extracting(request -> request.outcome().note())
                .containsExactly("use the batch queue", "half year");
    }

    @Test
    void theRequesterTakesNoteOfADecision() {
        QuotaRequest asked = ask(developer, policy(100), 500).as(QuotaRequest.class);
        String read = REQUESTS + "/" + asked.id() + "/read";
        decide(asked, Map.of("decision", "DENY", "note", "no"));

        assertThat(mine(developer).getFirst().outcome().read()).isFalse();
        assertThat(http().put(read, acme.ownerToken(), Map.of()).status()).isEqualTo(404);
        assertThat(http().put(read, developer, Map.of()).status()).isEqualTo(204);
        assertThat(http().put(read, developer, Map.of()).status()).isEqualTo(204);
        assertThat(mine(developer).getFirst().outcome().read()).isTrue();
    }

    @Test
    void thePlatformDecidesOnWhatItHasSet() {
        Policy policy =
                http().post(
                                "/api/v1/admin/tenants/" + acme.id() + "/quota-policies",
                                operatorToken(),
                                wish(100))
                        .as(Policy.class);
        QuotaRequest asked = ask(developer, policy, 500).as(QuotaRequest.class);
        String decision = ALL + "/" + asked.id() + "/decision";

        Answer byOwner = decide(asked, approval(policy));
        Answer denialByOwner = decide(asked, Map.of("decision", "DENY", "note", "no"));
        List<QuotaRequest> open = requests(ALL + "?state=OPEN&origin=PLATFORM", operatorToken());
        Answer byTenant = http().post(decision, acme.ownerToken(), approval(policy));
        Answer byPlatform = http().post(decision, operatorToken(), approval(policy));

        assertThat(byOwner.status()).isEqualTo(403);
        assertThat(byOwner.code()).isEqualTo("insufficient_scope");
        assertThat(denialByOwner.status()).isEqualTo(403);
        assertThat(open).contains(asked);
        assertThat(http().get(ALL + "/" + UUID.randomUUID(), operatorToken()).status())
                .isEqualTo(404);
        assertThat(requests(ALL + "?origin=TENANT", operatorToken())).doesNotContain(asked);
        assertThat(http().get(ALL, acme.ownerToken()).status()).isEqualTo(403);
        assertThat(byTenant.status()).isEqualTo(403);
        assertThat(byPlatform.status()).as(byPlatform.text()).isEqualTo(200);
        assertThat(http().get(ALL + "/" + asked.id(), operatorToken()).as(QuotaRequest.class))
                .isEqualTo(byPlatform.as(QuotaRequest.class));
        assertThat(amountOf(policy)).isEqualTo(500);
    }

    @Test
    void othersSeeOnlyWhatIsTheirs() {
        Policy policy = policy(100);
        String colleague = member("colleague", Role.DEVELOPER);
        TestTenant globex = tenant("asking");
        QuotaRequest asked = ask(developer, policy, 500).as(QuotaRequest.class);
        QuotaRequest other = ask(colleague, policy, 700).as(QuotaRequest.class);
        String path = REQUESTS + "/" + asked.id();

        assertThat(requests(REQUESTS, developer)).containsExactly(asked);
        assertThat(requests(REQUESTS, acme.ownerToken())).containsExactly(other, asked);
        assertThat(requests(REQUESTS + "?mine=true", acme.ownerToken())).isEmpty();
        assertThat(requests(REQUESTS, globex.ownerToken())).isEmpty();
        assertThat(http().get(path, developer).as(QuotaRequest.class)).isEqualTo(asked);
        assertThat(http().get(path, acme.ownerToken()).status()).isEqualTo(200);
        for (String stranger : List.of(colleague, globex.ownerToken())) {
            assertThat(http().get(path, stranger).status()).isEqualTo(404);
            assertThat(http().delete(path, stranger).status()).isEqualTo(404);
        }
        assertThat(http().post(path + "/decision", developer, approval(policy)).status())
                .isEqualTo(403);
        assertThat(http().post(path + "/decision", globex.ownerToken(), approval(policy)).status())
                .isEqualTo(404);
        assertThat(ask(globex.ownerToken(), policy, 500).status()).isEqualTo(404);
    }

    @Test
    void onlyPeopleWhoMayCallModelsAsk() {
        Policy policy = policy(100);
        String key =
                http().post("/api/v1/api-keys", acme.ownerToken(), Map.of("name", "k"))
                        .json()
                        .path("secret")
                        .asString();

        Answer byViewer = ask(member("viewer", Role.VIEWER), policy, 500);
        Answer byKey = ask(key, policy, 500);

        assertThat(byViewer.status()).isEqualTo(403);
        assertThat(byViewer.header("WWW-Authenticate")).contains("inference:invoke");
        assertThat(byKey.status()).isEqualTo(403);
    }

    @Test
    void oneRequestOfAPolicyIsOpenPerRequesterHoweverManyAreMadeAtOnce() throws Exception {
        Policy policy = policy(100);

        List<Answer> answers =
                atOnce(
                        IntStream.range(0, 8)
                                .<Callable<Answer>>mapToObj(
                                        i -> () -> ask(developer, policy, 500 + i))
                                .toList());

        assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 201)
                .allSatisfy(answer -> assertThat(answer.code()).isEqualTo("conflict"));
        QuotaRequest open = mine(developer).getFirst();
        String path = REQUESTS + "/" + open.id();
        assertThat(http().delete(path, developer).status()).isEqualTo(204);
        assertThat(http().delete(path, developer).status()).isEqualTo(409);
        assertThat(decide(open, approval(policy)).status()).isEqualTo(409);
        assertThat(ask(developer, policy, 500).status()).isEqualTo(201);
        assertThat(mine(developer))
                .extracting(QuotaRequest::state)
                .containsExactly(RequestState.OPEN, RequestState.WITHDRAWN);
    }

    @Test
    void ofManyDecisionsAtOnceOneIsMade() throws Exception {
        Policy policy = policy(100);
        QuotaRequest asked = ask(developer, policy, 500).as(QuotaRequest.class);
        String second = member("second", Role.OWNER);
        String all = ALL + "/" + asked.id() + "/decision";
        String own = REQUESTS + "/" + asked.id() + "/decision";
        String operator = operatorToken();
        Map<String, Object> trim =
                Map.of("decision", "TRIM", "policyRevision", 0, "amount", 200, "note", "less");
        Map<String, Object> denial = Map.of("decision", "DENY", "note", "no");

        List<Answer> answers =
                atOnce(
                        List.of(
                                () -> http().post(own, acme.ownerToken(), approval(policy)),
                                () -> http().post(own, second, trim),
                                () -> http().post(all, operator, denial),
                                () -> http().post(own, second, approval(policy)),
                                () -> http().post(all, operator, trim),
                                () -> http().delete(REQUESTS + "/" + asked.id(), developer)));

        List<Answer> made = answers.stream().filter(answer -> answer.status() / 100 == 2).toList();
        assertThat(made).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> !made.contains(answer))
                .allSatisfy(answer -> {
                    assertThat(answer.status()).as(answer.text()).isEqualTo(409);
                    assertThat(answer.code()).isEqualTo("conflict");
                });
        QuotaRequest decided = mine(developer).getFirst();
        Long granted = decided.outcome().granted();
        assertThat(amountOf(policy)).isEqualTo(granted == null ? 100 : granted);
        assertThat(audited()).filteredOn(row -> row.startsWith("quota_request.")).hasSize(2);
    }

    @Test
    void aPolicyThatWasDeletedMeanwhileCanOnlyBeDenied() {
        Policy policy = policy(100);
        QuotaRequest asked = ask(developer, policy, 500).as(QuotaRequest.class);
        http().delete(POLICIES + "/" + policy.id(), acme.ownerToken());

        Answer approved = decide(asked, approval(policy));
        boolean shown = mine(developer).getFirst().policyDeleted();
        Answer denied = decide(asked, Map.of("decision", "DENY", "note", "it is gone"));

        assertThat(approved.status()).isEqualTo(409);
        assertThat(approved.json().path("detail").asString()).contains("deleted");
        assertThat(shown).isTrue();
        assertThat(denied.status()).as(denied.text()).isEqualTo(200);
        assertThat(ask(developer, policy, 500).status()).isEqualTo(404);
    }

    @Test
    void aPolicyThatWasChangedMeanwhileMustBeReadAgain() {
        Policy policy = policy(100);
        QuotaRequest asked = ask(developer, policy, 500).as(QuotaRequest.class);
        change(policy, 0, 300);

        Answer stale = decide(asked, approval(policy));
        change(policy, 1, 600);
        Answer noRaise = decide(asked, Map.of("decision", "APPROVE", "policyRevision", 2));
        change(policy, 2, 400);
        Answer read = decide(asked, Map.of("decision", "APPROVE", "policyRevision", 3));
        Answer staleRequest = ask(developer, policy, 900);

        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.json().path("detail").asString()).contains("'revision' is 0");
        assertThat(noRaise.status()).isEqualTo(409);
        assertThat(noRaise.json().path("detail").asString()).contains("no raise");
        assertThat(read.status()).as(read.text()).isEqualTo(200);
        assertThat(amountOf(policy)).isEqualTo(500);
        assertThat(staleRequest.status()).isEqualTo(409);
    }

    @Test
    void aTemporaryRaiseGoesBackByItself() {
        Policy policy = policy(100);
        QuotaRequest asked = ask(developer, policy, 500).as(QuotaRequest.class);

        Answer approved = decide(asked, with(approval(policy), "until", inAnHour()));
        assertThat(approved.as(QuotaRequest.class).policy().amount()).isEqualTo(500);
        passTheHour(asked);

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(amountOf(policy)).isEqualTo(100));
        assertThat(amountInFeed(policy)).isEqualTo(100);
        assertThat(mine(developer).getFirst().outcome().endedAt()).isNotNull();
        assertThat(audited()).contains("quota_request.raise_ended");
    }

    @Test
    void aLaterDecisionTakesThePlaceOfATemporaryRaise() {
        Policy policy = policy(100);
        QuotaRequest first = ask(developer, policy, 500).as(QuotaRequest.class);
        decide(first, with(approval(policy), "until", inAnHour()));
        Policy raised = read(policy);
        QuotaRequest second = ask(developer, raised, 900).as(QuotaRequest.class);

        decide(second, with(approval(raised), "until", inAnHour()));
        assertThat(mine(developer).getLast().outcome().endedAt()).isNotNull();
        assertThat(amountOf(policy)).isEqualTo(900);
        passTheHour(second);

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(amountOf(policy)).isEqualTo(100));
    }

    @Test
    void whatAPersonChangesDuringATemporaryRaiseStays() {
        Policy policy = policy(100);
        QuotaRequest asked = ask(developer, policy, 500).as(QuotaRequest.class);
        decide(asked, with(approval(policy), "until", inAnHour()));

        change(policy, 1, 300);
        passTheHour(asked);

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() ->
                        assertThat(mine(developer).getFirst().outcome().endedAt()).isNotNull());
        assertThat(amountOf(policy)).isEqualTo(300);
    }

    @Test
    void refusesWhatARequestCannotSay() {
        Policy policy = policy(100);

        assertRefused(wish(policy, 100, "more"), "'amount' is 100");
        assertRefused(wish(policy, -1, "more"), "'amount' is -1");
        assertRefused(wish(policy, 1_000_000_000_000_001L, "more"), "'amount' is 1000000000000001");
        assertRefused(wish(policy, 500, " "), "'reason' must have");
        assertRefused(wish(policy, 500, "x".repeat(2_001)), "'reason' must have");
        assertRefused(wish(policy, 500, "a\0b"), "'reason' must have");
        assertRefused(Map.of("amount", 500), "'revision'");
        assertThat(mine(developer)).isEmpty();
    }

    private void assertRefused(Map<String, Object> wish, String detail) {
        Answer answer = http().post(REQUESTS, developer, wish);
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.json().path("detail").asString()).contains(detail);
    }

    @Test
    void refusesWhatADecisionCannotSay() {
        QuotaRequest asked = ask(developer, policy(100), 500).as(QuotaRequest.class);
        Map<String, Object> approve = Map.of("decision", "APPROVE", "policyRevision", 0);
        Map<String, Object> trim =
                Map.of("decision", "TRIM", "policyRevision", 0, "amount", 200, "note", "less");
        Map<String, Object> deny = Map.of("decision", "DENY", "note", "no");

        assertRefused(asked, without(approve, "policyRevision"), "'policyRevision' is missing");
        assertRefused(asked, with(approve, "amount", 400), "'amount' is 400");
        assertRefused(asked, with(approve, "until", "2020-01-01T00:00:00Z"), "'until' is 2020");
        assertRefused(asked, with(approve, "until", "9999-01-01T00:00:00Z"), "'until' is 9999");
        assertRefused(asked, without(trim, "note"), "'note' is missing");
        assertRefused(asked, with(trim, "amount", 500), "'amount' is 500");
        assertRefused(asked, without(trim, "amount"), "'amount' is null");
        assertRefused(asked, without(trim, "policyRevision"), "'policyRevision' is missing");
        assertRefused(asked, without(deny, "note"), "'note' is missing");
        assertRefused(asked, with(deny, "amount", 5), "'amount' is 5");
        assertRefused(asked, with(deny, "until", inAnHour()), "'until' is");
        assertRefused(asked, with(deny, "decision", "MAYBE"), "'decision'");
        assertThat(mine(developer).getFirst().state()).isEqualTo(RequestState.OPEN);
    }

    private void assertRefused(QuotaRequest request, Map<String, Object> wish, String detail) {
        Answer answer = decide(request, wish);
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.json().path("detail").asString()).contains(detail);
    }

    @Test
    void everyStepIsAudited() {
        Policy policy = policy(100);
        QuotaRequest withdrawn = ask(developer, policy, 400).as(QuotaRequest.class);
        http().delete(REQUESTS + "/" + withdrawn.id(), developer);
        decide(ask(developer, policy, 500).as(QuotaRequest.class), approval(policy));

        JsonNode rows = http().get("/api/v1/audit", acme.ownerToken()).json().path("items");

        assertThat(rows.findValuesAsString("action").subList(0, 5))
                .containsExactly(
                        "quota_request.approved",
                        "quota_policy.changed",
                        "quota_request.opened",
                        "quota_request.withdrawn",
                        "quota_request.opened");
        assertThat(rows.path(0).path("detail").asString()).contains("100 -> 500", "granted 500");
        assertThat(rows.path(2).path("actor").asString()).startsWith("user:dev@");
    }

    @Test
    void listsInPages() {
        for (int i = 0; i < 3; i++) {
            ask(developer, policy(100), 500 + i);
        }

        JsonNode first = http().get(REQUESTS + "?limit=2", developer).json();
        String cursor = first.path("nextCursor").asString();
        JsonNode rest = http().get(REQUESTS + "?limit=2&cursor=" + cursor, developer).json();
        Answer foreign = http().get(REQUESTS + "?state=OPEN&cursor=" + cursor, developer);

        assertThat(first.path("items").size()).isEqualTo(2);
        assertThat(rest.path("items").size()).isEqualTo(1);
        assertThat(rest.path("nextCursor").isNull()).isTrue();
        assertThat(foreign.status()).isEqualTo(400);
        assertThat(http().get(REQUESTS + "/" + UUID.randomUUID(), developer).status())
                .isEqualTo(404);
    }

    private String member(String name, Role role) {
        String email = name + "@" + acme.slug() + ".test";
        addMember(acme.id(), email, role);
        return tokenOf(email);
    }

    private Policy policy(long amount) {
        return http().post(POLICIES, acme.ownerToken(), wish(amount)).as(Policy.class);
    }

    private static Map<String, Object> wish(long amount) {
        return Map.of("name", "a limit", "unit", "TOKENS", "window", "MONTH", "amount", amount);
    }

    private Answer ask(String token, Policy policy, long amount) {
        return http().post(REQUESTS, token, wish(policy, amount, "the evaluation runs all week"));
    }

    private static Map<String, Object> wish(Policy policy, long amount, String reason) {
        return Map.of(
                "policyId",
                policy.id().value(),
                "revision",
                policy.revision(),
                "amount",
                amount,
                "reason",
                reason);
    }

    private Answer decide(QuotaRequest request, Map<String, Object> decision) {
        return http().post(
                        REQUESTS + "/" + request.id() + "/decision", acme.ownerToken(), decision);
    }

    private static Map<String, Object> approval(Policy policy) {
        return Map.of("decision", "APPROVE", "policyRevision", policy.revision());
    }

    private static Map<String, Object> with(Map<String, Object> map, String member, Object value) {
        Map<String, Object> more = new HashMap<>(map);
        more.put(member, value);
        return more;
    }

    private static Map<String, Object> without(Map<String, Object> map, String member) {
        Map<String, Object> less = new HashMap<>(map);
        less.remove(member);
        return less;
    }

    private static String inAnHour() {
        return Instant.now().plusSeconds(3_600).toString();
    }

    private void passTheHour(QuotaRequest request) {
        TenantScope.run(
                acme.id(),
                () ->
                        transactions.executeWithoutResult(status ->
                                app.sql("UPDATE quota_request SET until_at = now() WHERE id = ?")
                                        .param(request.id().value())
                                        .update()));
    }

    private void change(Policy policy, int revision, long amount) {
        Answer changed =
                http().put(
                                POLICIES + "/" + policy.id(),
                                acme.ownerToken(),
                                Map.of("revision", revision, "amount", amount));
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    }

    private Policy read(Policy policy) {
        return http().get(POLICIES + "/" + policy.id(), acme.ownerToken()).as(Policy.class);
    }

    private long amountOf(Policy policy) {
        return read(policy).amount();
    }

    private long amountInFeed(Policy policy) {
        return platform.sql(
                        """
                        SELECT (body ->> 'amount')::bigint FROM feed_entry
                        WHERE kind = 'QUOTA_POLICY' AND id = ? AND body IS NOT NULL
                        """)
                .param(policy.id().toString())
                .query(Long.class)
                .single();
    }

    private List<QuotaRequest> mine(String token) {
        return requests(REQUESTS + "?mine=true", token);
    }

    private List<QuotaRequest> requests(String path, String token) {
        Answer answer = http().get(path, token);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<QuotaRequest> all = new ArrayList<>();
        answer.json()
                .path("items")
                .forEach(each -> all.add(Answer.JSON.treeToValue(each, QuotaRequest.class)));
        return all;
    }

    private List<String> audited() {
        return http().get("/api/v1/audit", acme.ownerToken())
                .json()
                .path("items")
                .findValuesAsString("action");
    }

    private static List<Answer> atOnce(List<Callable<Answer>> calls) throws Exception {
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
        }
        return answers;
    }
}
