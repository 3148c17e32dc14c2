package dev.atrium.gateway.quota;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static dev.atrium.gateway.testing.SharedGateway.assertNothingIsLeft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.feed.Feed;
import dev.atrium.gateway.registry.Membership;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.node.api.NodeError;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.LeaseRequest;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policies on one gateway, one call at a time. */
class QuotaIT {
    private TenantFixture acme;
    private KeyFixture key;

    @BeforeEach
    void deploy() {
        acme = PLATFORM.customer(NODE_A);
        key = PLATFORM.key(acme);
        await().until(() -> GATEWAY.get("/v1/models/chat", key.text()).statusCode() == 200);
    }

    @AfterEach
    void nothingIsBrokenOrLeft() {
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @CsvSource({
        "REQUESTS, HOUR", "REQUESTS, LIFETIME", "INPUT_TOKENS, DAY", "OUTPUT_TOKENS, MONTH",
        "TOKENS, HOUR", "COMPUTE_MILLIS, HOUR", "CONCURRENCY, NONE", "REQUESTS, SECOND",
        "TOKENS, MINUTE", "COMPUTE_MILLIS, SECOND"
    })
    void refusesEveryCallWithALimitOfZero(Unit unit, Window window) {
        limit(unit, window, 0);

        HttpResponse<String> answer = chat("");

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.body()).contains("\"code\":\"insufficient_quota\"").contains("'test'");
        assertThat(answer.headers().firstValue("x-should-retry")).hasValue("false");
        assertThat(NODE_A.executionsOf(id(answer))).isEmpty();
    }

    @Test
    void chargesExactlyTheLimitAndSaysWhatIsLeft() {
        PolicyId policy = limit(Unit.REQUESTS, Window.HOUR, 3);

        for (int i = 2; i >= 0; i--) {
            HttpResponse<String> answer = embed();
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("RateLimit-Policy"))
                    .hasValue("\"test\";q=3;w=3600");
            assertThat(answer.headers().firstValue("RateLimit").orElseThrow())
                    .startsWith("\"test\";r=" + i + ";t=");
            assertThat(answer.headers().firstValue("x-ratelimit-remaining-requests"))
                    .hasValue(Integer.toString(i));
        }
        await().until(() -> REGISTRY.quotas().figures(policy).used() == 3);
        HttpResponse<String> refused = embed();

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body())
                .contains("insufficient_quota")
                .contains("'test'")
                .contains("3 used, 0 reserved by calls that run, 0 left");
        assertThat(Long.parseLong(refused.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1L, 3_600L);
        assertThat(REGISTRY.quotas().figures(policy).reserved()).isZero();
    }

    @Test
    void writesMaxTokensDownToWhatIsLeft() {
        limit(Unit.OUTPUT_TOKENS, Window.DAY, 12);
        NODE_A.script(Script.answer().tokens(1_000, Duration.ZERO));

        HttpResponse<String> answer = chat(",\"max_tokens\":50");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Atrium-Max-Tokens")).hasValue("12");
        assertThat(answer.body()).contains("\"completion_tokens\":12");
        assertThat(NODE_A.executionsOf(id(answer)).getFirst().grant().maxOutputTokens())
                .isEqualTo(12);
    }

    @Test
    void refusesARequestThatCanNeverFit() {
        limit(Unit.TOKENS, Window.MONTH, 20);

        HttpResponse<String> answer = chat("");

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.body()).contains("insufficient_quota").contains("which needs");
        assertThat(answer.headers().firstValue("x-should-retry")).hasValue("false");
        assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
    }

    @Test
    void refusesOverARateUntilItHasRefilled() {
        limit(Unit.REQUESTS, Window.MINUTE, 2);

        List<HttpResponse<String>> answers = List.of(embed(), embed(), embed());

        assertThat(answers).extracting(HttpResponse::statusCode).containsExactly(200, 200, 429);
        HttpResponse<String> refused = answers.getLast();
        assertThat(refused.body())
                .contains("rate_limit_exceeded")
                .contains("2 requests per minute");
        assertThat(refused.headers().firstValue("x-should-retry")).hasValue("true");
        assertThat(Long.parseLong(refused.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(50L, 61L);
        assertThat(refused.headers().firstValue("RateLimit-Policy")).hasValue("\"test\";q=2;w=60");
        assertThat(refused.headers().firstValue("RateLimit").orElseThrow()).contains(";r=0;t=");
    }

    @Test
    void admitsAKeysWholeLimitAndAsksNobodyWhereThereIsNoOtherGateway() {
        key = PLATFORM.key(acme, 5, List.of("inference:invoke"), List.of());
        await().until(() -> GATEWAY.bean(Feed.class).keys().find(key.id()).isPresent());
        await().until(() -> GATEWAY.bean(Membership.class).gateways() == 1);

        List<HttpResponse<String>> answers = IntStream.range(0, 6).mapToObj(i -> embed()).toList();

        assertThat(answers)
                .extracting(HttpResponse::statusCode)
                .containsExactly(200, 200, 200, 200, 200, 429);
        assertThat(answers)
                .extracting(answer ->
                        answer.headers().firstValue("x-ratelimit-remaining-requests").get())
                .containsExactly("4", "3", "2", "1", "0", "0");
        assertThat(REGISTRY.quotas().requests())
                .flatExtracting(LeaseRequest::wishes)
                .noneMatch(wish -> wish.ownRate() != null);
    }

    @Test
    void givesATokenRateBackWhatACallDidNotUse() {
        limit(Unit.OUTPUT_TOKENS, Window.MINUTE, 100);
        NODE_A.script(Script.answer().tokens(5, Duration.ZERO));

        List<HttpResponse<String>> answers =
                IntStream.range(0, 15).mapToObj(i -> chat(",\"max_tokens\":20")).toList();

        assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
    }

    @Test
    void refusesOneCallTooManyAtATimeAndTakesTheNextAfterIt() {
        limit(Unit.CONCURRENCY, Window.NONE, 1);
        NODE_A.script(Script.answer().after(Duration.ofMillis(700)));
        CompletableFuture<HttpResponse<String>> running = GATEWAY.sendAsync(GATEWAY.embedding(key));
        await().until(() -> NODE_A.running() == 1);

        HttpResponse<String> refused = embed();
        running.join();
        HttpResponse<String> next = embed();

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("rate_limit_exceeded");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(refused.headers().firstValue("RateLimit-Policy"))
                .hasValue("\"test\";q=1;qu=\"concurrent-requests\"");
        assertThat(next.statusCode()).isEqualTo(200);
    }

    @Test
    void saysThatWaitingHelpsWhileTheRestIsOnlyReserved() {
        limit(Unit.OUTPUT_TOKENS, Window.DAY, 30);
        NODE_A.script(Script.answer().tokens(3, Duration.ZERO).after(Duration.ofMillis(700)));
        CompletableFuture<HttpResponse<String>> running =
                GATEWAY.sendAsync(GATEWAY.chat(key, ",\"max_tokens\":30"));
        await().until(() -> NODE_A.running() == 1);

        HttpResponse<String> refused = chat(",\"max_tokens\":5");
        running.join();
        await().untilAsserted(
                        () -> assertThat(chat(",\"max_tokens\":5").statusCode()).isEqualTo(200));

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body())
                .contains("rate_limit_exceeded")
                .contains("0 used, 30 reserved by calls that run, 0 left");
        assertThat(refused.headers().firstValue("x-should-retry")).hasValue("true");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    }

    @Test
    void countsWhatADryRunWouldHaveRefusedAndLetsItPass() {
        PolicyId policy = policy(PolicySubject.TENANT, Unit.REQUESTS, Window.HOUR, 2, Mode.DRY_RUN);

        List<HttpResponse<String>> answers = List.of(embed(), embed(), embed(), embed());

        assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
        await().until(() -> REGISTRY.quotas().figures(policy).used() == 4);
        assertThat(charges()).filteredOn(Charge::refused).hasSize(2);
        assertThat(charges()).filteredOn(charge -> charge.leaseId() != null).hasSize(2);
    }

    @Test
    void onlyListsWhatASoftPolicyCounts() {
        PolicyId policy = policy(PolicySubject.TENANT, Unit.INPUT_TOKENS, Window.DAY, 1, Mode.SOFT);

        List<HttpResponse<String>> answers = List.of(embed(), embed());

        assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
        await().until(() -> REGISTRY.quotas().figures(policy).used() == 6);
        assertThat(charges()).allMatch(charge -> charge.leaseId() == null && !charge.refused());
    }

    @Test
    void countsOnlyCallsOfItsSubject() {
        KeyFixture other = PLATFORM.key(acme);
        await().until(() -> GATEWAY.get("/v1/models/chat", other.text()).statusCode() == 200);
        policy(new PolicySubject(null, key.id(), null), Unit.REQUESTS, Window.DAY, 0, Mode.HARD);

        assertThat(embed().statusCode()).isEqualTo(429);
        assertThat(
                        GATEWAY.post(
                                        "/v1/embeddings",
                                        other.text(),
                                        "{\"model\":\"words\",\"input\":\"a\"}")
                                .statusCode())
                .isEqualTo(200);
    }

    @Test
    void chargesNothingForACallThatReachedNoNode() {
        PolicyId policy = limit(Unit.REQUESTS, Window.DAY, 5);
        NODE_A.script(Script.refuse(NodeError.NOT_READY, "not ready"));

        HttpResponse<String> answer = embed();

        assertThat(answer.statusCode()).isEqualTo(503);
        await().until(() -> charges().size() == 1);
        assertThat(charges().getFirst().charged()).isZero();
        assertThat(REGISTRY.quotas().figures(policy).used()).isZero();
    }

    @Test
    void showsACallerItsOwnLimits() {
        limit(Unit.REQUESTS, Window.DAY, 10);
        policy(new PolicySubject(null, "another-key", null), Unit.TOKENS, Window.DAY, 5, Mode.HARD);
        embed();
        await().until(() -> charges().size() == 1);

        await().untilAsserted(() ->
                assertThat(GATEWAY.get("/v1/limits", key.text()).body())
                        .contains("\"object\":\"list\"")
                        .contains("\"amount\":10,\"burst\":null,\"used\":1")
                        .contains("\"left\":9,\"resets_at\":")
                        .doesNotContain("TOKENS"));
        assertThat(GATEWAY.get("/v1/limits", null).statusCode()).isEqualTo(401);
    }

    private PolicyId policy(
            PolicySubject subject, Unit unit, Window window, long amount, Mode mode) {
        int before = known();
        PolicyId policy = PLATFORM.policy(acme, subject, unit, window, amount, null, mode);
        await().until(() -> known() > before);
        return policy;
    }

    private int known() {
        return GATEWAY.bean(Feed.class).snapshot().policies(acme.id()).all().size();
    }

    private List<Charge> charges() {
        return REGISTRY.ledger().values().stream()
                .filter(usage -> usage.tenantId().equals(acme.id()))
                .flatMap(usage -> usage.charges().stream())
                .toList();
    }

    private PolicyId limit(Unit unit, Window window, long amount) {
        PolicyId policy = PLATFORM.policy(acme, unit, window, amount);
        await().until(() -> known() > 0);
        return policy;
    }

    private HttpResponse<String> embed() {
        return GATEWAY.send(GATEWAY.embedding(key));
    }

    private HttpResponse<String> chat(String more) {
        return GATEWAY.send(GATEWAY.chat(key, more));
    }

    private static UUID id(HttpResponse<?> answer) {
        return UUID.fromString(answer.headers().firstValue("x-request-id").orElseThrow());
    }
}
