package dev.atrium.gateway.idempotency;

import static dev.atrium.gateway.idempotency.KeyedTenant.CHAT;
import static dev.atrium.gateway.idempotency.KeyedTenant.EMBEDDINGS;
import static dev.atrium.gateway.idempotency.KeyedTenant.GATEWAY;
import static dev.atrium.gateway.idempotency.KeyedTenant.NODE;
import static dev.atrium.gateway.idempotency.KeyedTenant.PLATFORM;
import static dev.atrium.gateway.idempotency.KeyedTenant.REGISTRY;
import static dev.atrium.gateway.idempotency.KeyedTenant.TENSORS;
import static dev.atrium.gateway.idempotency.KeyedTenant.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.node.api.NodeError;
import dev.atrium.registry.api.idempotency.KeyOutcome.Kind;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.Outcome;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdempotencyIT {
    private static RunningGateway other;

    private KeyedTenant acme;

    @BeforeAll
    static void startAnother(@TempDir Path folder) {
        other = KeyedTenant.start(folder);
    }

    @AfterAll
    static void stop() {
        other.close();
    }

    @BeforeEach
    void deploy() {
        acme = new KeyedTenant(GATEWAY, other);
    }

    @AfterEach
    void nothingIsLeftOpen() {
        KeyedTenant.awaitNothingOpen(GATEWAY, other);
    }

    @Test
    void aRetryIsAnsweredAgainAndNeitherExecutedNorBooked() {
        for (String path : List.of(CHAT, EMBEDDINGS, TENSORS)) {
            HttpResponse<String> first = acme.post(GATEWAY, path, "k1" + path);
            acme.awaitOutcome(
                    Kind.ANSWERED, path.equals(CHAT) ? 1 : path.equals(EMBEDDINGS) ? 2 : 3);

            HttpResponse<String> again = acme.post(other, path, "\"k1" + path + "\"");

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
        assertThat(acme.executions()).hasSize(3);
        acme.awaitLedger(3);
    }

    @Test
    void ofManyRetriesAtOnceThroughTwoGatewaysOneIsExecuted() {
        NODE.script(Script.answer().after(Duration.ofMillis(300)));

        List<CompletableFuture<HttpResponse<String>>> calls =
                IntStream.range(0, 32)
                        .mapToObj(i ->
                                (i % 2 == 0 ? GATEWAY : other)
                                        .sendAsync(
                                                acme.request(
                                                        i % 2 == 0 ? GATEWAY : other,
                                                        EMBEDDINGS,
                                                        "race")))
                        .toList();
        List<HttpResponse<String>> answers = calls.stream().map(CompletableFuture::join).toList();

        assertThat(answers)
                .filteredOn(answer -> answer.statusCode() == 200)
                .filteredOn(answer -> answer.headers().firstValue("Idempotent-Replayed").isEmpty())
                .hasSize(1);
        assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).isIn(200, 409));
        assertThat(acme.executions()).hasSize(1);
        acme.awaitOutcome(Kind.ANSWERED, 1);
        assertThat(acme.post(other, EMBEDDINGS, "race").statusCode()).isEqualTo(200);
        assertThat(acme.executions()).hasSize(1);
        acme.awaitLedger(1);
    }

    @Test
    void aRetryIsToldToWaitWhileTheFirstCallRuns() {
        NODE.script(Script.answer().after(Duration.ofSeconds(3)));
        CompletableFuture<HttpResponse<String>> first =
                GATEWAY.sendAsync(acme.request(GATEWAY, EMBEDDINGS, "slow"));
        await().until(() -> NODE.running() == 1);

        HttpResponse<String> retry = acme.post(other, EMBEDDINGS, "slow");

        assertThat(retry.statusCode()).isEqualTo(409);
        assertThat(retry.body()).contains("\"idempotency_conflict\"").contains("conflict_error");
        assertThat(retry.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(retry.headers().firstValue("x-should-retry")).hasValue("true");
        assertThat(first.join().statusCode()).isEqualTo(200);
    }

    @Test
    void anotherRequestWithTheSameKeyIsRefused() {
        acme.post(GATEWAY, EMBEDDINGS, "one");

        for (HttpResponse<String> answer :
                List.of(
                        acme.post(
                                GATEWAY,
                                EMBEDDINGS,
                                "one",
                                "{\"model\":\"words\",\"input\":\"b\"}"),
                        acme.post(GATEWAY, CHAT, "one"))) {
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(answer.body()).contains("\"idempotency_mismatch\"");
        }
        HttpResponse<String> tensors = acme.post(GATEWAY, TENSORS, "one");
        assertThat(tensors.statusCode()).isEqualTo(422);
        assertThat(tensors.body()).startsWith("{\"error\":\"");
        assertThat(acme.executions()).hasSize(1);
    }

    @Test
    void anotherCredentialsKeyIsAnotherKey() {
        KeyFixture second = PLATFORM.key(acme.tenant());
        await().until(() -> GATEWAY.get("/v1/models", second.text()).statusCode() == 200);
        acme.post(GATEWAY, EMBEDDINGS, "mine");

        HttpResponse<String> foreign =
                GATEWAY.send(
                        KeyedTenant.request(GATEWAY, second, EMBEDDINGS, "mine", body(EMBEDDINGS)));

        assertThat(foreign.statusCode()).isEqualTo(200);
        assertThat(foreign.headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertThat(acme.executions()).hasSize(2);
    }

    @Test
    void badKeysAndStreamsAreRefusedAndClaimNothing() {
        int before = REGISTRY.keys().claims().size();

        HttpResponse<String> tooLong = acme.post(GATEWAY, EMBEDDINGS, "k".repeat(256));
        HttpResponse<String> stream =
                acme.post(
                        GATEWAY,
                        CHAT,
                        "s",
                        body(CHAT).replace("{\"model\"", "{\"stream\":true,\"model\""));

        assertThat(tooLong.statusCode()).isEqualTo(400);
        assertThat(tooLong.body()).contains("\"idempotency_key_invalid\"");
        assertThat(stream.statusCode()).isEqualTo(400);
        assertThat(stream.body()).contains("\"idempotency_stream_not_replayable\"");
        assertThat(stream.headers().firstValue("x-should-retry")).hasValue("false");
        assertThat(REGISTRY.keys().claims()).hasSize(before);
        assertThat(acme.executions()).isEmpty();
    }

    @Test
    void callsWithoutAKeyAskNobody() {
        int before = REGISTRY.keys().claims().size();

        HttpResponse<String> answer = GATEWAY.post(EMBEDDINGS, acme.key().text(), body(EMBEDDINGS));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(REGISTRY.keys().claims()).hasSize(before);
        assertThat(acme.outcomes(Kind.ANSWERED)).isZero();
    }

    @Test
    void whatANodeRefusedIsTheAnswerOfEveryRetry() {
        NODE.script(Script.refuse(NodeError.MODEL_FAILED, "the model failed"));
        HttpResponse<String> first = acme.post(GATEWAY, EMBEDDINGS, "bad");
        acme.awaitOutcome(Kind.ANSWERED, 1);
        NODE.script(Script.answer());

        HttpResponse<String> again = acme.post(other, EMBEDDINGS, "bad");

        assertThat(first.statusCode()).isEqualTo(502);
        assertThat(again.statusCode()).isEqualTo(502);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(acme.executions()).isEmpty();
        acme.awaitLedger(1);
    }

    @Test
    void whatWasRefusedBeforeItWasExecutedMayBeTriedAgain() {
        HttpResponse<String> wrong =
                acme.post(GATEWAY, EMBEDDINGS, "again, and", "{\"model\":\"words\",\"input\":3}");
        acme.awaitOutcome(Kind.RELEASED, 1);
        NODE.script(Script.refuse(NodeError.NOT_READY, "not ready"));
        HttpResponse<String> notReady = acme.post(GATEWAY, EMBEDDINGS, "again, and");
        acme.awaitOutcome(Kind.RELEASED, 2);
        NODE.script(Script.answer());

        HttpResponse<String> answered = acme.post(GATEWAY, EMBEDDINGS, "again, and");

        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(notReady.statusCode()).isEqualTo(503);
        assertThat(answered.statusCode()).isEqualTo(200);
        assertThat(answered.headers().firstValue("Idempotent-Replayed")).isEmpty();
    }

    @Test
    void aReplayIsNotCountedByQuotas() {
        PLATFORM.policy(acme.tenant(), Unit.REQUESTS, Window.DAY, 1);
        await().until(() ->
                GATEWAY.get("/v1/limits", acme.key().text()).body().contains("REQUESTS"));
        await().until(() -> other.get("/v1/limits", acme.key().text()).body().contains("REQUESTS"));
        HttpResponse<String> first = acme.post(GATEWAY, EMBEDDINGS, "only");
        acme.awaitOutcome(Kind.ANSWERED, 1);

        HttpResponse<String> refused = acme.post(GATEWAY, EMBEDDINGS, "second");
        HttpResponse<String> replay = acme.post(GATEWAY, EMBEDDINGS, "only");

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(replay.statusCode()).isEqualTo(200);
        assertThat(replay.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        acme.awaitOutcome(Kind.RELEASED, 1);
    }

    @Test
    void aReplayCountsInTheKeysRequestsPerMinute() {
        KeyFixture slow = PLATFORM.key(acme.tenant(), 2, List.of("inference:invoke"), List.of());
        await().until(() -> GATEWAY.get("/v1/models", slow.text()).statusCode() == 200);
        List<Integer> statuses =
                IntStream.range(0, 3)
                        .mapToObj(i -> {
                            int status =
                                    GATEWAY.send(
                                                    KeyedTenant.request(
                                                            GATEWAY,
                                                            slow,
                                                            EMBEDDINGS,
                                                            "same",
                                                            body(EMBEDDINGS)))
                                            .statusCode();
                            acme.awaitOutcome(Kind.ANSWERED, 1);
                            return status;
                        })
                        .toList();

        assertThat(statuses).containsExactly(200, 200, 429);
    }

    @Test
    void aCallOfAGatewayThatTheRegistryLostIsUnknownUntilItSpeaks() {
        NODE.script(Script.answer().after(Duration.ofSeconds(3)));
        CompletableFuture<HttpResponse<String>> first =
                GATEWAY.sendAsync(acme.request(GATEWAY, EMBEDDINGS, "lost"));
        await().until(() -> NODE.running() == 1);

        REGISTRY.keys().bury();
        HttpResponse<String> retry = acme.post(other, EMBEDDINGS, "lost");
        REGISTRY.keys().raise();

        assertThat(retry.statusCode()).isEqualTo(409);
        assertThat(retry.body()).contains("\"idempotency_outcome_unknown\"");
        assertThat(first.join().statusCode()).isEqualTo(200);
        acme.awaitOutcome(Kind.ANSWERED, 1);
        assertThat(acme.post(other, EMBEDDINGS, "lost").statusCode()).isEqualTo(200);
        assertThat(acme.executions()).hasSize(1);
    }

    @Test
    void aCallThatItsGatewaysStopCutsOffIsNeverExecutedAgain(@TempDir Path folder) {
        RunningGateway stopping =
                KeyedTenant.start(folder, "spring.lifecycle.timeout-per-shutdown-phase=500ms");
        acme.awaitKnown(stopping);
        NODE.script(Script.answer().after(Duration.ofSeconds(20)));
        stopping.sendAsync(acme.request(stopping, EMBEDDINGS, "stopped"));
        await().until(() -> NODE.running() == 1);

        stopping.close();
        HttpResponse<String> retry = acme.post(GATEWAY, EMBEDDINGS, "stopped");

        assertThat(retry.statusCode()).isEqualTo(409);
        assertThat(acme.executions()).hasSize(1);
        assertThat(acme.outcomes(Kind.RELEASED) + acme.outcomes(Kind.ANSWERED)).isZero();
        assertThat(acme.awaitLedger(1).getFirst().outcome()).isEqualTo(Outcome.GATEWAY_LOST);
    }

    @Test
    void aReplyThatIsTooLongIsNotKept() {
        NODE.script(Script.answer().tokens(40, Duration.ZERO).wide(40_000));
        HttpResponse<String> first = acme.post(GATEWAY, CHAT, "long");
        acme.awaitOutcome(Kind.ANSWERED, 1);

        HttpResponse<String> retry = acme.post(GATEWAY, CHAT, "long");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body().length()).isGreaterThan(1024 * 1024);
        assertThat(retry.statusCode()).isEqualTo(409);
        assertThat(retry.body()).contains("\"idempotency_reply_not_kept\"");
        assertThat(acme.executions()).hasSize(1);
    }
}
