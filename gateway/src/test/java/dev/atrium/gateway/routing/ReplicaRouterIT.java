package dev.atrium.gateway.routing;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.NODE_B;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.ModelFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.node.api.NodeError;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.Task;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicaRouterIT {
    private static final int FAILURES_TO_EJECT = 3;
    private static final Duration POLL = Duration.ofMillis(5);
    private static final int RESERVE = 10;

    private KeyFixture key;
    private ModelFixture words;

    @BeforeEach
    void makeATenant() {
        TenantFixture tenant = PLATFORM.tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        words = PLATFORM.model(tenant, "words", Task.TEXT_EMBEDDING);
        key = PLATFORM.key(tenant);
    }

    @AfterEach
    void leaveAFullRetryBudget() {
        NODE_A.script(Script.answer());
        NODE_B.script(Script.answer());
        ModelVersionId unknown = new ModelVersionId(UUID.randomUUID());
        for (int i = 0; i < RESERVE * 10; i++) {
            GATEWAY.bean(ReplicaRouter.class).first(unknown);
        }
        await().until(() -> GATEWAY.bean(Journal.class).openCalls() == 0);
        await().until(() -> NODE_A.running() + NODE_B.running() == 0);
        assertThat(RunningGateway.blockingCalls()).isEmpty();
    }

    @Test
    void leavesAReplicaOutThatFailsAgainAndAgain() {
        deploy(NODE_A, NODE_B);
        failUntilEjected(NODE_A);

        List<HttpResponse<String>> answers = embedAll(40);

        assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
        // Half of the calls but for the ejection; a probe or two where 40 calls take seconds.
        assertThat(executions(NODE_A)).isBetween(FAILURES_TO_EJECT, FAILURES_TO_EJECT + 2);
    }

    @Test
    void takesAReplicaBackOnceAProbeSucceeds() {
        deploy(NODE_A, NODE_B);
        failUntilEjected(NODE_A);

        NODE_A.script(Script.answer());

        await().atMost(Duration.ofSeconds(3))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> embed().statusCode() == 200 && executions(NODE_A) > FAILURES_TO_EJECT);
        int before = executions(NODE_A);
        embedAll(40);
        assertThat(executions(NODE_A) - before).isBetween(5, 35);
    }

    @Test
    void stillTriesTheOnlyReplicaThereIs() {
        deploy(NODE_A);
        NODE_A.script(Script.of(Script.Kind.DROP_BEFORE_ANSWER));
        List<HttpResponse<String>> failed = embedAll(5);
        NODE_A.script(Script.answer());

        HttpResponse<String> answer = embed();

        assertThat(failed).allMatch(each -> each.statusCode() == 502);
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void saysWhenToTryAgainWhileTheOnlyReplicaCannotServe() {
        deploy(NODE_A);
        NODE_A.script(Script.refuse(NodeError.NOT_READY, "loading"));

        List<HttpResponse<String>> answers = embedAll(5);

        assertThat(answers)
                .allSatisfy(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(503);
                    assertThat(answer.body()).contains("model_not_ready");
                    assertThat(answer.headers().firstValue("retry-after")).contains("2");
                });
    }

    @Test
    void keepsRetriesWithinTheirBudgetWhenEveryNodeFails() {
        deploy(NODE_A, NODE_B);
        NODE_A.script(Script.of(Script.Kind.DROP_BEFORE_ANSWER));
        NODE_B.script(Script.of(Script.Kind.DROP_BEFORE_ANSWER));
        int calls = 200;

        List<HttpResponse<String>> answers = embedAll(calls);

        assertThat(answers).allMatch(answer -> answer.statusCode() == 502);
        assertThat(executions(NODE_A) + executions(NODE_B))
                .isBetween(calls + calls / 10 - 1, calls + calls / 10 + RESERVE);
    }

    @Test
    void prefersTheReplicaWithFewerCallsInFlight() {
        deploy(NODE_A, NODE_B);
        NODE_A.script(Script.answer().after(Duration.ofSeconds(2)));
        List<CompletableFuture<?>> stalled = new ArrayList<>();
        await().pollInterval(POLL)
                .until(() -> {
                    CompletableFuture<?> call =
                            GATEWAY.sendAsync(
                                    GATEWAY.postRequest("/v1/embeddings", key.text(), body()));
                    await().pollInterval(POLL).until(() -> call.isDone() || NODE_A.running() == 1);
                    stalled.add(call);
                    return NODE_A.running() == 1;
                });

        embedAll(30);

        assertThat(NODE_A.running()).isOne();
        assertThat(executions(NODE_A)).isOne();
        assertThat(executions(NODE_B)).isGreaterThanOrEqualTo(30);
        CompletableFuture.allOf(stalled.toArray(CompletableFuture[]::new)).join();
    }

    private void deploy(FakeInferenceNode... nodes) {
        for (FakeInferenceNode node : nodes) {
            PLATFORM.replica(words.version(1), node);
        }
        // What is put last is seen last.
        KeyFixture last = PLATFORM.key(key.tenant());
        await().until(() -> GATEWAY.get("/v1/models", last.text()).statusCode() == 200);
    }

    private void failUntilEjected(FakeInferenceNode node) {
        node.script(Script.of(Script.Kind.DROP_BEFORE_ANSWER));
        for (int i = 0; i < 100 && executions(node) < FAILURES_TO_EJECT; i++) {
            assertThat(embed().statusCode()).isEqualTo(200);
        }
    }

    private List<HttpResponse<String>> embedAll(int calls) {
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            answers.add(embed());
        }
        return answers;
    }

    private HttpResponse<String> embed() {
        return GATEWAY.post("/v1/embeddings", key.text(), body());
    }

    private static String body() {
        return "{\"model\":\"words\",\"input\":\"a\"}";
    }

    private int executions(FakeInferenceNode node) {
        return (int)
                node.executions().values().stream()
                        .flatMap(List::stream)
                        .filter(each ->
                                each.grant().versionId().equals(words.version(1).id().value()))
                        .count();
    }
}
