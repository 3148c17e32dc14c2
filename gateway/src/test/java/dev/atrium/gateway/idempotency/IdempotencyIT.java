package dev.atrium.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.ModelFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.node.api.NodeError;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.idempotency.KeyOutcome.Kind;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdempotencyIT {
    private static final String EMBEDDINGS = "/v1/embeddings";
    private static final String CHAT = "/v1/chat/completions";
    private static final FakeRegistry REGISTRY = new FakeRegistry();
    private static final FakeInferenceNode NODE = new FakeInferenceNode(REGISTRY);
    private static final Platform PLATFORM = new Platform(REGISTRY);
    private static RunningGateway gateway;
    private static RunningGateway other;

    private TenantFixture acme;
    private KeyFixture key;
    private ModelFixture chat;

    @BeforeAll
    static void startTwoGateways(@TempDir Path folder) {
        gateway = RunningGateway.start(REGISTRY, folder.resolve("one"), settings());
        other = RunningGateway.start(REGISTRY, folder.resolve("two"), settings());
    }

    private static String[] settings() {
        return new String[] {
            "atrium.gateway.upstream.deadline=20s", "atrium.gateway.idempotency.longest-wait=10s"
        };
    }

    @AfterAll
    static void stop() {
        gateway.close();
        other.close();
        NODE.close();
        REGISTRY.close();
    }

    @BeforeEach
    void deploy() {
        acme = PLATFORM.tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        chat = PLATFORM.model(acme, "chat", Task.TEXT_GENERATION);
        for (ModelFixture model :
                List.of(
                        chat,
                        PLATFORM.model(acme, "words", Task.TEXT_EMBEDDING),
                        PLATFORM.model(acme, "tensors", Task.TENSORS))) {
            PLATFORM.replica(model.version(1), NODE);
        }
        key = PLATFORM.key(acme);
        for (RunningGateway each : List.of(gateway, other)) {
            await().until(() -> each.get("/v1/models/chat", key.text()).statusCode() == 200);
        }
    }

    @AfterEach
    void nothingIsLeftOpen() {
        NODE.script(Script.answer());
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        gateway.bean(Journal.class).openCalls()
                                        + other.bean(Journal.class).openCalls()
                                        + NODE.running()
                                == 0);
        assertThat(RunningGateway.blockingCalls()).isEmpty();
    }

    @Test
    void aRetryIsAnsweredAgainAndNeitherExecutedNorBooked() {
        for (String path : List.of(CHAT, EMBEDDINGS, "/v2/models/tensors/infer")) {
            HttpResponse<String> first = post(gateway, path, "k1" + path, body(path));
            awaitOutcome(Kind.ANSWERED, path.equals(CHAT) ? 1 : path.equals(EMBEDDINGS) ? 2 : 3);

            HttpResponse<String> again = post(other, path, "\"k1" + path + "\"", body(path));

            assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
            assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
            assertThat(again.statusCode()).isEqualTo(200);
            assertThat(again.body()).isEqualTo(first.body());
            assertThat(again.headers().firstValue("content-type"))
                    .isEqualTo(first.headers().firstValue("content-type"));
            assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
            assertThat(again.headers().firstValue("Atrium-Original-Request-Id"))
                    .isEqualTo(first.headers().firstValue("x-request-id"));
            assertThat(again.headers().firstValue("Atrium-Cost")).isEmpty();
        }
        assertThat(executions()).isEqualTo(3);
        awaitLedger(3);
    }

    @Test
    void ofManyRetriesAtOnceThroughTwoGatewaysOneIsExecuted() {
        NODE.script(Script.answer().after(Duration.ofMillis(300)));

        List<CompletableFuture<HttpResponse<String>>> calls =
                IntStream.range(0, 32)
                        .mapToObj(i ->
                                (i % 2 == 0 ? gateway : other)
                                        .sendAsync(
                                                request(
                                                        i % 2 == 0 ? gateway : other,
                                                        EMBEDDINGS,
                                                        "race",
                                                        body(EMBEDDINGS))))
                        .toList();
        List<HttpResponse<String>> answers = calls.stream().map(CompletableFuture::join).toList();

        assertThat(answers)
                .filteredOn(answer -> answer.statusCode() == 200)
                .filteredOn(answer -> answer.headers().firstValue("Idempotent-Replayed").isEmpty())
                .hasSize(1);
        assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).isIn(200, 409));
        assertThat(executions()).isEqualTo(1);
        awaitOutcome(Kind.ANSWERED, 1);
        assertThat(post(other, EMBEDDINGS, "race", body(EMBEDDINGS)).statusCode()).isEqualTo(200);
        assertThat(executions()).isEqualTo(1);
        awaitLedger(1);
    }

    @Test
    void aRetryIsToldToWaitWhileTheFirstCallRuns() {
        NODE.script(Script.answer().after(Duration.ofSeconds(3)));
        CompletableFuture<HttpResponse<String>> first =
                gateway.sendAsync(request(gateway, EMBEDDINGS, "slow", body(EMBEDDINGS)));
        await().until(() -> NODE.running() == 1);

        HttpResponse<String> retry = post(other, EMBEDDINGS, "slow", body(EMBEDDINGS));

        assertThat(retry.statusCode()).isEqualTo(409);
        assertThat(retry.body()).contains("\"idempotency_conflict\"").contains("conflict_error");
        assertThat(retry.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(retry.headers().firstValue("x-should-retry")).hasValue("true");
        assertThat(first.join().statusCode()).isEqualTo(200);
    }

    @Test
    void anotherRequestWithTheSameKeyIsRefused() {
        post(gateway, EMBEDDINGS, "one", body(EMBEDDINGS));

        for (HttpResponse<String> answer :
                List.of(
                        post(gateway, EMBEDDINGS, "one", "{\"model\":\"words\",\"input\":\"b\"}"),
                        post(gateway, CHAT, "one", body(CHAT)))) {
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(answer.body()).contains("\"idempotency_mismatch\"");
        }
        HttpResponse<String> tensors =
                post(gateway, "/v2/models/tensors/infer", "one", body("/v2"));
        assertThat(tensors.statusCode()).isEqualTo(422);
        assertThat(tensors.body()).startsWith("{\"error\":\"");
        assertThat(executions()).isEqualTo(1);
    }

    @Test
    void anotherCredentialsKeyIsAnotherKey() {
        KeyFixture second = PLATFORM.key(acme);
        await().until(() -> gateway.get("/v1/models", second.text()).statusCode() == 200);
        post(gateway, EMBEDDINGS, "mine", body(EMBEDDINGS));

        HttpResponse<String> foreign =
                gateway.send(request(gateway, second.text(), EMBEDDINGS, "mine", body(EMBEDDINGS)));

        assertThat(foreign.statusCode()).isEqualTo(200);
        assertThat(foreign.headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertThat(executions()).isEqualTo(2);
    }

    @Test
    void badKeysAndStreamsAreRefusedAndClaimNothing() {
        int before = REGISTRY.keys().claims().size();

        HttpResponse<String> tooLong = post(gateway, EMBEDDINGS, "k".repeat(256), body(EMBEDDINGS));
        HttpResponse<String> stream =
                post(
                        gateway,
                        CHAT,
                        "s",
                        body(CHAT).replace("{\"model\"", "{\"stream\":true,\"model\""));

        assertThat(tooLong.statusCode()).isEqualTo(400);
        assertThat(tooLong.body()).contains("\"idempotency_key_invalid\"");
        assertThat(stream.statusCode()).isEqualTo(400);
        assertThat(stream.body()).contains("\"idempotency_stream_not_replayable\"");
        assertThat(stream.headers().firstValue("x-should-retry")).hasValue("false");
        assertThat(REGISTRY.keys().claims()).hasSize(before);
        assertThat(executions()).isZero();
    }

    @Test
    void callsWithoutAKeyAskNobody() {
        int before = REGISTRY.keys().claims().size();

        HttpResponse<String> answer = gateway.post(EMBEDDINGS, key.text(), body(EMBEDDINGS));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(REGISTRY.keys().claims()).hasSize(before);
        assertThat(outcomes(Kind.ANSWERED)).isZero();
    }

    @Test
    void whatANodeRefusedIsTheAnswerOfEveryRetry() {
        NODE.script(Script.refuse(NodeError.MODEL_FAILED, "the model failed"));
        HttpResponse<String> first = post(gateway, EMBEDDINGS, "bad", body(EMBEDDINGS));
        awaitOutcome(Kind.ANSWERED, 1);
        NODE.script(Script.answer());

        HttpResponse<String> again = post(other, EMBEDDINGS, "bad", body(EMBEDDINGS));

        assertThat(first.statusCode()).isEqualTo(502);
        assertThat(again.statusCode()).isEqualTo(502);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(executions()).isZero();
        awaitLedger(1);
    }

    @Test
    void whatWasRefusedBeforeItWasExecutedMayBeTriedAgain() {
        HttpResponse<String> wrong =
                post(gateway, EMBEDDINGS, "again, and", "{\"model\":\"words\",\"input\":3}");
        awaitOutcome(Kind.RELEASED, 1);
        NODE.script(Script.refuse(NodeError.NOT_READY, "not ready"));
        HttpResponse<String> notReady = post(gateway, EMBEDDINGS, "again, and", body(EMBEDDINGS));
        awaitOutcome(Kind.RELEASED, 2);
        NODE.script(Script.answer());

        HttpResponse<String> answered = post(gateway, EMBEDDINGS, "again, and", body(EMBEDDINGS));

        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(notReady.statusCode()).isEqualTo(503);
        assertThat(answered.statusCode()).isEqualTo(200);
        assertThat(answered.headers().firstValue("Idempotent-Replayed")).isEmpty();
    }

    @Test
    void aReplayIsNotCountedByQuotas() {
        PLATFORM.policy(acme, Unit.REQUESTS, Window.DAY, 1);
        await().until(() -> gateway.get("/v1/limits", key.text()).body().contains("REQUESTS"));
        await().until(() -> other.get("/v1/limits", key.text()).body().contains("REQUESTS"));
        HttpResponse<String> first = post(gateway, EMBEDDINGS, "only", body(EMBEDDINGS));
        awaitOutcome(Kind.ANSWERED, 1);

        HttpResponse<String> refused = post(gateway, EMBEDDINGS, "second", body(EMBEDDINGS));
        HttpResponse<String> replay = post(gateway, EMBEDDINGS, "only", body(EMBEDDINGS));

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(replay.statusCode()).isEqualTo(200);
        assertThat(replay.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        awaitOutcome(Kind.RELEASED, 1);
    }

    @Test
    void aReplayCountsInTheKeysRequestsPerMinute() {
        KeyFixture slow = PLATFORM.key(acme, 2, List.of("inference:invoke"), List.of());
        await().until(() -> gateway.get("/v1/models", slow.text()).statusCode() == 200);
        List<Integer> statuses =
                IntStream.range(0, 3)
                        .mapToObj(i -> {
                            int status =
                                    gateway.send(
                                                    request(
                                                            gateway,
                                                            slow.text(),
                                                            EMBEDDINGS,
                                                            "same",
                                                            body(EMBEDDINGS)))
                                            .statusCode();
                            awaitOutcome(Kind.ANSWERED, 1);
                            return status;
                        })
                        .toList();

        assertThat(statuses).containsExactly(200, 200, 429);
    }

    @Test
    void aCallThatItsClientLeftIsUnknownAndNeverExecutedAgain() {
        NODE.script(Script.answer().tokens(2_000, Duration.ofMillis(10)));
        CompletableFuture<HttpResponse<String>> first =
                gateway.sendAsync(request(gateway, CHAT, "left", body(CHAT)));
        await().until(() -> NODE.running() == 1);
        first.cancel(true);
        awaitOutcome(Kind.UNKNOWN, 1);

        HttpResponse<String> retry = post(other, CHAT, "left", body(CHAT));

        assertThat(retry.statusCode()).isEqualTo(409);
        assertThat(retry.body()).contains("\"idempotency_outcome_unknown\"");
        assertThat(retry.headers().firstValue("x-should-retry")).hasValue("false");
        assertThat(retry.headers().firstValue("Retry-After")).isEmpty();
        assertThat(executions()).isEqualTo(1);
        assertThat(awaitLedger(1).getFirst().outcome()).isEqualTo(Outcome.CLIENT_GONE);
    }

    @Test
    void aCallThatItsClientLeftWhileItWaitedInTheNodesQueueMayBeTriedAgain() {
        NODE.script(
                new Script(
                        Script.Kind.QUEUE,
                        Duration.ofSeconds(20),
                        0,
                        0,
                        Duration.ZERO,
                        new NodeError(NodeError.MODEL_FAILED, "unused"),
                        null));
        CompletableFuture<HttpResponse<String>> first =
                gateway.sendAsync(request(gateway, EMBEDDINGS, "queued", body(EMBEDDINGS)));
        await().until(() -> NODE.queued() == 1);
        first.cancel(true);
        awaitOutcome(Kind.RELEASED, 1);
        NODE.script(Script.answer());

        HttpResponse<String> retry = post(gateway, EMBEDDINGS, "queued", body(EMBEDDINGS));

        assertThat(retry.statusCode()).isEqualTo(200);
        assertThat(executions()).isEqualTo(1);
    }

    @Test
    void aCallOfAGatewayThatTheRegistryLostIsUnknownUntilItSpeaks() {
        NODE.script(Script.answer().after(Duration.ofSeconds(3)));
        CompletableFuture<HttpResponse<String>> first =
                gateway.sendAsync(request(gateway, EMBEDDINGS, "lost", body(EMBEDDINGS)));
        await().until(() -> NODE.running() == 1);

        REGISTRY.keys().bury();
        HttpResponse<String> retry = post(other, EMBEDDINGS, "lost", body(EMBEDDINGS));
        REGISTRY.keys().raise();

        assertThat(retry.statusCode()).isEqualTo(409);
        assertThat(retry.body()).contains("\"idempotency_outcome_unknown\"");
        assertThat(first.join().statusCode()).isEqualTo(200);
        awaitOutcome(Kind.ANSWERED, 1);
        assertThat(post(other, EMBEDDINGS, "lost", body(EMBEDDINGS)).statusCode()).isEqualTo(200);
        assertThat(executions()).isEqualTo(1);
    }

    @Test
    void aCallThatItsGatewaysStopCutsOffIsNeverExecutedAgain(@TempDir Path folder) {
        RunningGateway stopping =
                RunningGateway.start(
                        REGISTRY, folder, "spring.lifecycle.timeout-per-shutdown-phase=500ms");
        await().until(() -> stopping.get("/v1/models/chat", key.text()).statusCode() == 200);
        NODE.script(Script.answer().after(Duration.ofSeconds(20)));
        stopping.sendAsync(request(stopping, EMBEDDINGS, "stopped", body(EMBEDDINGS)));
        await().until(() -> NODE.running() == 1);

        stopping.close();
        HttpResponse<String> retry = post(gateway, EMBEDDINGS, "stopped", body(EMBEDDINGS));

        assertThat(retry.statusCode()).isEqualTo(409);
        assertThat(executions()).isEqualTo(1);
        assertThat(outcomes(Kind.RELEASED) + outcomes(Kind.ANSWERED)).isZero();
        assertThat(awaitLedger(1).getFirst().outcome()).isEqualTo(Outcome.GATEWAY_LOST);
    }

    @Test
    void aReplyThatIsTooLongIsNotKept() {
        NODE.script(Script.answer().tokens(40, Duration.ZERO).wide(40_000));
        HttpResponse<String> first = post(gateway, CHAT, "long", body(CHAT));
        awaitOutcome(Kind.ANSWERED, 1);

        HttpResponse<String> retry = post(gateway, CHAT, "long", body(CHAT));

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body().length()).isGreaterThan(1024 * 1024);
        assertThat(retry.statusCode()).isEqualTo(409);
        assertThat(retry.body()).contains("\"idempotency_reply_not_kept\"");
        assertThat(executions()).isEqualTo(1);
    }

    private HttpResponse<String> post(
            RunningGateway through, String path, String idempotencyKey, String body) {
        return through.send(request(through, path, idempotencyKey, body));
    }

    private HttpRequest request(
            RunningGateway through, String path, String idempotencyKey, String body) {
        return request(through, key.text(), path, idempotencyKey, body);
    }

    private static HttpRequest request(
            RunningGateway through,
            String credential,
            String path,
            String idempotencyKey,
            String body) {
        return HttpRequest.newBuilder(
                        through.postRequest(path, credential, body), (name, value) -> true)
                .header("Idempotency-Key", idempotencyKey)
                .build();
    }

    private static String body(String path) {
        return switch (path) {
            case CHAT ->
                    """
                    {"model":"chat","messages":[{"role":"user","content":"hi"}]}\
                    """;
            case EMBEDDINGS -> "{\"model\":\"words\",\"input\":\"a\"}";
            default ->
                    """
                    {"inputs":[{"name":"x","datatype":"FP32","shape":[1,4],"data":[1,2,3,4]}]}\
                    """;
        };
    }

    private long executions() {
        return NODE.executions().values().stream()
                .flatMap(List::stream)
                .filter(each -> each.grant().tenantId().equals(acme.id().value()))
                .count();
    }

    private long outcomes(Kind kind) {
        return REGISTRY.keys().outcomes(acme.id(), kind);
    }

    private void awaitOutcome(Kind kind, long count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> outcomes(kind) == count);
    }

    /** Exactly so many rows, also a moment later. */
    private List<UsageRecord> awaitLedger(int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> ledger().size() >= count);
        await().until(() ->
                gateway.bean(Journal.class).openCalls() + other.bean(Journal.class).openCalls()
                        == 0);
        assertThat(ledger()).hasSize(count);
        return ledger();
    }

    private List<UsageRecord> ledger() {
        return REGISTRY.ledger().values().stream()
                .filter(usage -> usage.tenantId().equals(acme.id()))
                .toList();
    }
}
