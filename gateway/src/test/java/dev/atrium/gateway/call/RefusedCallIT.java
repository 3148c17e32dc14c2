package dev.atrium.gateway.call;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static dev.atrium.gateway.testing.SharedGateway.assertNothingIsLeft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.feed.Feed;
import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.node.api.NodeError;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.RefusingLimit;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a refusal to what the registry is told of it. */
class RefusedCallIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String WORDS = "{\"model\":\"words\",\"input\":\"a\"}";

    private TenantFixture acme;
    private KeyFixture key;

    @BeforeEach
    void deploy() {
        acme = PLATFORM.customer(NODE_A);
        key = PLATFORM.key(acme);
        await().atMost(PATIENCE)
                .until(() -> GATEWAY.get("/v1/models/chat", key.text()).statusCode() == 200);
    }

    @AfterEach
    void nothingIsBrokenOrLeft() {
        assertNothingIsLeft();
    }

    @Test
    void tellsWhoAskedForWhatAndWhichPolicyRefused() {
        PolicyId policy = PLATFORM.policy(acme, Unit.TOKENS, Window.MONTH, 20);
        await().atMost(PATIENCE)
                .until(() -> !GATEWAY.bean(Feed.class).snapshot().policies(acme.id()).isEmpty());

        HttpResponse<String> answer = GATEWAY.send(GATEWAY.chat(key, ""));

        RefusedCall told = told(answer, 429, "insufficient_quota");
        assertThat(told.tenantId()).isEqualTo(acme.id());
        assertThat(told.projectId()).isEqualTo(acme.project());
        assertThat(told.principalId()).isEqualTo(key.id());
        assertThat(told.operation()).isEqualTo(Operation.CHAT);
        assertThat(told.model()).isEqualTo(acme.slug() + "/chat");
        assertThat(told.refusedAt()).isAfterOrEqualTo(CallTime.of(told.callId()));
        RefusingLimit limit = told.limit();
        assertThat(limit.policyId()).isEqualTo(policy);
        assertThat(limit.name()).isEqualTo("test");
        assertThat(limit.unit()).isEqualTo(Unit.TOKENS);
        assertThat(limit.limit()).isEqualTo(20);
        assertThat(limit.used()).isZero();
        assertThat(limit.left()).isEqualTo(20);
        assertThat(limit.needed()).isGreaterThan(20);
    }

    @Test
    void tellsOfEveryStepThatRefuses() {
        KeyFixture reader = PLATFORM.key(acme, 100, List.of("models:read"), List.of());
        KeyFixture once = PLATFORM.key(acme, 1, List.of("inference:invoke"), List.of());
        KeyFixture other =
                PLATFORM.key(
                        acme, 100, List.of("inference:invoke"), List.of(acme.slug() + "/chat"));
        PLATFORM.model(acme, "unready", Task.TEXT_EMBEDDING);
        await().atMost(PATIENCE)
                .until(() -> GATEWAY.get("/v1/models", other.text()).statusCode() != 401);

        told(embed(reader, WORDS), 403, "insufficient_permissions");
        RefusedCall foreign = told(embed(other, WORDS), 403, "insufficient_permissions");
        RefusedCall absent =
                told(embed(key, "{\"model\":\"a/b\\ud800\\u0000\",\"input\":\"a\"}"), 404);
        told(embed(key, "no json"), 400, "invalid_request");
        told(embed(key, "{\"model\":\"chat\",\"input\":\"a\"}"), 400, "invalid_request");
        told(embed(key, WORDS, "Atrium-Label", "two words"), 400, "invalid_label");
        told(embed(key, WORDS, "Content-Type", "text/plain"), 415, "unsupported_media_type");
        told(embed(key, WORDS, "Idempotency-Key", ""), 400, "idempotency_key_invalid");
        told(embed(key, "x".repeat(9 << 20)), 413, "request_too_large");
        RefusedCall version =
                told(GATEWAY.post("/v2/models/words/versions/9/infer", key.text(), "{}"), 404);
        assertThat(embed(once, WORDS).statusCode()).isEqualTo(200);
        RefusedCall tooMany = told(embed(once, WORDS), 429, "rate_limit_exceeded");

        assertThat(foreign.model()).isEqualTo(acme.slug() + "/words");
        assertThat(foreign.param()).isEqualTo("model");
        assertThat(absent.model()).isEqualTo("a/b??");
        assertThat(version.model()).isEqualTo(acme.slug() + "/words");
        assertThat(version.version()).isEqualTo("9");
        assertThat(tooMany.limit()).isEqualTo(RefusingLimit.ofCaller(1));
        assertThat(tooMany.principalId()).isEqualTo(once.id());
    }

    @Test
    void saysOfACallItsCostCentre() {
        KeyFixture labelled = PLATFORM.labelledKey(acme, "marketing/eu");
        String absent = "{\"model\":\"absent\",\"input\":\"a\"}";
        await().atMost(PATIENCE)
                .until(() -> GATEWAY.get("/v1/models", labelled.text()).statusCode() == 200);

        assertThat(told(embed(labelled, absent), 404).label()).isEqualTo("marketing/eu");
        assertThat(told(embed(labelled, absent, "Atrium-Label", "ops"), 404).label())
                .isEqualTo("ops");
        assertThat(told(embed(labelled, absent, "Atrium-Label", "o p s"), 404).label()).isNull();
    }

    @Test
    void tellsNothingOfCallsThatTheLedgerHasNorOfWhatIsNoCall() {
        NODE_A.script(Script.refuse(NodeError.INVALID_INPUT, "no"));
        HttpResponse<String> refusedByNode = embed(key, WORDS);
        NODE_A.script(Script.answer());
        HttpResponse<String> answered = embed(key, WORDS);
        HttpResponse<String> noCall = GATEWAY.get("/v1/models/absent", key.text());
        HttpResponse<String> last = embed(key, "{\"model\":\"absent\",\"input\":\"a\"}");

        told(last, 404, "model_not_found");
        await().atMost(PATIENCE).until(() -> REGISTRY.ledger().containsKey(id(refusedByNode)));
        assertThat(refusedByNode.statusCode()).isEqualTo(400);
        assertThat(REGISTRY.refused())
                .doesNotContainKeys(id(refusedByNode), id(answered), id(noCall));
    }

    @Test
    void countsWhatIsTooMuchToTellOneByOne() {
        int calls = 400;
        String absent = "{\"model\":\"absent\",\"input\":\"a\"}";

        List<HttpResponse<String>> answers =
                IntStream.range(0, calls)
                        .mapToObj(i ->
                                GATEWAY.sendAsync(
                                        GATEWAY.postRequest("/v1/embeddings", key.text(), absent)))
                        .toList()
                        .stream()
                        .map(CompletableFuture::join)
                        .toList();

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(404);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(listed() + counted()).isEqualTo(calls));
        assertThat(counted()).isPositive();
        assertThat(REGISTRY.refused().keySet())
                .filteredOn(id -> REGISTRY.refused().get(id).tenantId().equals(acme.id()))
                .isSubsetOf(answers.stream().map(RefusedCallIT::id).toList());
    }

    @Test
    void tellsWhenTheRegistryIsBack(@TempDir Path folder) {
        try (FakeRegistry registry = new FakeRegistry();
                FakeInferenceNode node = new FakeInferenceNode(registry)) {
            Platform platform = new Platform(registry);
            KeyFixture caller = platform.key(platform.customer(node));
            try (RunningGateway gateway =
                    RunningGateway.start(
                            registry, folder, "atrium.gateway.refusal.max-waiting=3")) {
                await().atMost(PATIENCE)
                        .until(() -> gateway.get("/v1/models", caller.text()).statusCode() == 200);
                registry.goDown();
                List<UUID> refused =
                        IntStream.range(0, 5)
                                .mapToObj(i ->
                                        gateway.post("/v2/models/none/infer", caller.text(), "{}"))
                                .map(RefusedCallIT::id)
                                .toList();
                registry.comeBack();

                await().atMost(PATIENCE)
                        .untilAsserted(() -> {
                            assertThat(registry.refused().keySet())
                                    .containsExactlyInAnyOrderElementsOf(refused.subList(0, 3));
                            assertThat(registry.unlisted(caller.tenant().id()))
                                    .containsExactly(entry("model_not_found", 2L));
                        });
            }
        }
    }

    private long listed() {
        return REGISTRY.refused().values().stream()
                .filter(call -> call.tenantId().equals(acme.id()))
                .count();
    }

    private long counted() {
        return REGISTRY.unlisted(acme.id()).getOrDefault("model_not_found", 0L);
    }

    private static RefusedCall told(HttpResponse<String> answer, int status, String code) {
        RefusedCall told = told(answer, status);
        assertThat(told.code()).isEqualTo(code);
        return told;
    }

    private static RefusedCall told(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        await().atMost(PATIENCE).until(() -> REGISTRY.refused().containsKey(id(answer)));
        RefusedCall told = REGISTRY.refused().get(id(answer));
        assertThat(told.httpStatus()).isEqualTo(status);
        return told;
    }

    private static HttpResponse<String> embed(KeyFixture key, String body, String... headers) {
        HttpRequest.Builder request =
                GATEWAY.request(URI.create(GATEWAY.url() + "/v1/embeddings"), key.text())
                        .setHeader("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return GATEWAY.send(request.build());
    }

    private static UUID id(HttpResponse<?> answer) {
        return UUID.fromString(answer.headers().firstValue("x-request-id").orElseThrow());
    }
}
