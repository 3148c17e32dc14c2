package dev.atrium.gateway.call;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.NODE_B;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.admission.InFlightCalls;
import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.testing.FakeInferenceNode.Execution;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.ModelFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.node.api.NodeError;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SettlementIT {
    private TenantFixture acme;
    private KeyFixture key;
    private ModelFixture words;
    private ModelFixture chat;
    private ModelFixture tensors;

    @BeforeEach
    void deployOnBothNodes() {
        acme = PLATFORM.tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        words = PLATFORM.model(acme, "words", Task.TEXT_EMBEDDING);
        chat = PLATFORM.model(acme, "chat", Task.TEXT_GENERATION);
        tensors = PLATFORM.model(acme, "tensors", Task.TENSORS);
        for (ModelFixture model : List.of(words, chat, tensors)) {
            PLATFORM.replica(model.version(1), NODE_A);
            PLATFORM.replica(model.version(1), NODE_B);
        }
        key = PLATFORM.key(acme);
        await().until(() -> GATEWAY.get("/v1/models/chat", key.text()).statusCode() == 200);
    }

    @AfterEach
    void nothingIsLeftOpen() {
        NODE_A.script(Script.answer());
        NODE_B.script(Script.answer());
        await().until(() -> GATEWAY.bean(Journal.class).openCalls() == 0);
        await().until(() -> NODE_A.running() + NODE_B.running() == 0);
        assertThat(RunningGateway.blockingCalls()).isEmpty();
        assertThat(NODE_A.leakedCredentials()).isEmpty();
        assertThat(REGISTRY.duplicates()).isZero();
    }

    @Test
    void booksEverythingThatTheLedgerNeeds() {
        HttpResponse<String> answer = embed("\"a\"");

        UsageRecord usage = booked(answer);
        Execution execution = executions(usage.callId()).getFirst();
        assertThat(usage.tenantId()).isEqualTo(acme.id());
        assertThat(usage.projectId()).isEqualTo(acme.project());
        assertThat(usage.principalKind()).isEqualTo(PrincipalKind.API_KEY);
        assertThat(usage.principalId()).isEqualTo(key.id());
        assertThat(usage.modelId()).isEqualTo(words.model().id());
        assertThat(usage.modelName()).isEqualTo(words.model().name());
        assertThat(usage.versionId()).isEqualTo(words.version(1).id());
        assertThat(usage.version()).isEqualTo(1);
        assertThat(usage.operation()).isEqualTo(Operation.EMBEDDINGS);
        assertThat(usage.outcome()).isEqualTo(Outcome.OK);
        assertThat(usage.httpStatus()).isEqualTo(200);
        assertThat(usage.attempts()).isEqualTo(1);
        assertThat(usage.nodeId()).isNotNull();
        assertThat(usage.nodeId().value()).isEqualTo(execution.grant().nodeId());
        assertThat(usage.inputTokens()).isEqualTo(3);
        assertThat(usage.computeMicros()).isEqualTo(1_000);
        assertThat(usage.timeToFirstByteMicros()).isPositive();
        assertThat(usage.settledAt()).isAfterOrEqualTo(usage.openedAt());
        assertThat(usage.source()).isEqualTo(UsageSource.GATEWAY);
        assertThat(execution.grant().tenantId()).isEqualTo(acme.id().value());
        assertThat(execution.grant().gatewayId()).isEqualTo(FakeRegistry.GATEWAY_ID);
        assertThat(execution.grant().modelName()).isEqualTo(words.name());
        assertThat(execution.grant().operation()).isEqualTo("EMBEDDINGS");
    }

    @Test
    void booksAClientThatGoesAwayBeforeTheAnswer() {
        script(Script.answer().after(Duration.ofSeconds(2)));

        CompletableFuture<HttpResponse<String>> call =
                GATEWAY.sendAsync(GATEWAY.postRequest("/v1/embeddings", key.text(), embedBody()));
        await().until(() -> NODE_A.running() + NODE_B.running() == 1);
        call.cancel(true);

        UsageRecord usage = bookedOfTenant(1).getFirst();
        assertThat(usage.outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(usage.httpStatus()).isEqualTo(499);
        assertThat(usage.inputTokens()).isZero();
        await().atMost(Duration.ofSeconds(1))
                .until(() -> executions(usage.callId()).getFirst().isCancelled());
    }

    @Test
    void billsAStreamThatTheClientCutsForWhatWasMadeUntilThen() throws Exception {
        script(Script.answer().tokens(500, Duration.ofMillis(5)));

        HttpResponse<InputStream> answer =
                GATEWAY.client()
                        .send(
                                GATEWAY.postRequest(
                                        "/v1/chat/completions", key.text(), streamBody()),
                                HttpResponse.BodyHandlers.ofInputStream());
        readEvents(answer.body(), 5);
        answer.body().close();

        UsageRecord usage = bookedOfTenant(1).getFirst();
        assertThat(usage.outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(usage.httpStatus()).isEqualTo(200);
        assertThat(usage.outputTokens()).isBetween(4L, 490L);
        await().atMost(Duration.ofSeconds(1))
                .until(() -> executions(usage.callId()).getFirst().isCancelled());
        assertThat(executions(usage.callId()).getFirst().usage().outputTokens())
                .isBetween(usage.outputTokens(), usage.outputTokens() + 50);
    }

    @Test
    void triesAnotherReplicaWhenANodeVanishesBeforeTheAnswer() {
        NODE_A.script(Script.of(Script.Kind.DROP_BEFORE_ANSWER));

        List<UsageRecord> booked = callUntilBothNodesWereAsked();

        assertThat(booked).allMatch(usage -> usage.outcome() == Outcome.OK);
        UsageRecord retried = firstRetried(booked);
        assertThat(retried.attempts()).isEqualTo(2);
        assertThat(retried.nodeId()).isEqualTo(NODE_B.id());
        assertThat(NODE_A.executionsOf(retried.callId())).hasSize(1);
        assertThat(NODE_B.executionsOf(retried.callId()).getFirst().grant().attempt()).isEqualTo(2);
    }

    @Test
    void triesAnotherReplicaWhenANodeIsNotReadyOrDoesNotHoldTheVersion() {
        for (String code : List.of(NodeError.NOT_READY, NodeError.NOT_LOADED)) {
            NODE_A.script(Script.refuse(code, "not now"));

            List<UsageRecord> booked = callUntilBothNodesWereAsked();

            assertThat(booked).allMatch(usage -> usage.outcome() == Outcome.OK);
            assertThat(firstRetried(booked).nodeId()).isEqualTo(NODE_B.id());
        }
    }

    @Test
    void triesAnotherReplicaWhenAnAnswerBreaksThatNobodyHasSeen() {
        NODE_A.script(Script.of(Script.Kind.DROP_MIDWAY));

        List<UsageRecord> booked = callUntilBothNodesWereAsked();

        assertThat(booked).allMatch(usage -> usage.outcome() == Outcome.OK);
        assertThat(firstRetried(booked).attempts()).isEqualTo(2);
    }

    @Test
    void neverTriesAgainOnceTheClientHasSeenAByte() {
        script(Script.of(Script.Kind.DROP_MIDWAY));

        HttpResponse<String> answer =
                GATEWAY.post("/v1/chat/completions", key.text(), streamBody());

        assertThat(answer.body()).contains("\"error\"").contains("upstream_failed");
        UsageRecord usage = booked(answer);
        assertThat(usage.outcome()).isEqualTo(Outcome.NODE_FAILED);
        assertThat(usage.attempts()).isEqualTo(1);
        assertThat(usage.outputTokens()).isEqualTo(5);
        assertThat(executions(usage.callId())).hasSize(1);
    }

    @Test
    void breaksTheConnectionWhenALongAnswerBreaksInTheMiddle() {
        script(Script.of(Script.Kind.DROP_MIDWAY));
        String data = "1,".repeat(200_000) + "1";

        CompletableFuture<HttpResponse<String>> call =
                GATEWAY.sendAsync(
                        GATEWAY.postRequest(
                                "/v2/models/tensors/infer",
                                key.text(),
                                "{\"inputs\":[{\"name\":\"x\",\"data\":[" + data + "]}]}"));

        assertThat(call).failsWithin(Duration.ofSeconds(5));
        UsageRecord usage = bookedOfTenant(1).getFirst();
        assertThat(usage.outcome()).isEqualTo(Outcome.NODE_FAILED);
        assertThat(usage.attempts()).isEqualTo(1);
        assertThat(executions(usage.callId())).hasSize(1);
    }

    @Test
    void doesNotRepeatWhatTheNodeRefusesForItsInput() {
        script(Script.refuse(NodeError.INVALID_INPUT, "input x must be FP32, not INT8"));

        HttpResponse<String> answer =
                GATEWAY.post("/v2/models/tensors/infer", key.text(), "{\"inputs\":[]}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"error\":\"input x must be FP32, not INT8\"}");
        UsageRecord usage = booked(answer);
        assertThat(usage.outcome()).isEqualTo(Outcome.INVALID_INPUT);
        assertThat(usage.httpStatus()).isEqualTo(400);
        assertThat(usage.attempts()).isEqualTo(1);
    }

    @Test
    void passesAModelsFailureOnWithoutRepeatingIt() {
        script(Script.refuse(NodeError.MODEL_FAILED, "the model failed"));

        HttpResponse<String> answer = embed("\"a\"");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("model_failed");
        assertThat(booked(answer).outcome()).isEqualTo(Outcome.NODE_FAILED);
        assertThat(booked(answer).attempts()).isEqualTo(1);
    }

    @Test
    void refusesAnAnswerThatCannotBeBilledOrUnderstood() {
        for (Script.Kind kind : List.of(Script.Kind.NO_USAGE, Script.Kind.GARBAGE)) {
            script(Script.of(kind));

            HttpResponse<String> answer = embed("\"a\"");

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("upstream_invalid");
            assertThat(booked(answer).outcome()).isEqualTo(Outcome.NODE_FAILED);
        }
    }

    @Test
    void tellsTheClientWhenAStreamEndsTooEarly() {
        for (Script.Kind kind : List.of(Script.Kind.END_TOO_EARLY, Script.Kind.GARBAGE)) {
            script(Script.of(kind));

            HttpResponse<String> answer =
                    GATEWAY.post("/v1/chat/completions", key.text(), streamBody());

            assertThat(answer.body()).contains("\"error\"").doesNotContain("[DONE]");
            assertThat(booked(answer).outcome()).isEqualTo(Outcome.NODE_FAILED);
        }
    }

    @Test
    void settlesAThousandConcurrentCallsExactlyOnceWhateverClientsDo() throws Exception {
        long seed = 7;
        Random random = new Random(seed);
        Set<UUID> answered = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<?>> calls = new ArrayList<>();
        script(Script.answer().after(Duration.ofMillis(20)).tokens(20, Duration.ofMillis(2)));
        int executionsBefore = NODE_A.executions().size() + NODE_B.executions().size();

        try (ScheduledExecutorService aborts = Executors.newScheduledThreadPool(1)) {
            for (int i = 0; i < 1_000; i++) {
                CompletableFuture<HttpResponse<String>> call =
                        GATEWAY.sendAsync(
                                i % 2 == 0
                                        ? GATEWAY.postRequest(
                                                "/v1/embeddings", key.text(), embedBody())
                                        : GATEWAY.postRequest(
                                                "/v1/chat/completions", key.text(), streamBody()));
                calls.add(
                        call.handle(
                                (answer, failure) -> answer != null && answered.add(id(answer))));
                if (random.nextInt(3) == 0) {
                    aborts.schedule(
                            () -> call.cancel(true), random.nextInt(400), TimeUnit.MILLISECONDS);
                }
            }
            CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).join();
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> GATEWAY.bean(Journal.class).openCalls() == 0);
        await().until(() -> NODE_A.running() + NODE_B.running() == 0);

        Set<UUID> executed = new HashSet<>(NODE_A.executions().keySet());
        executed.addAll(NODE_B.executions().keySet());
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(REGISTRY.ledger().keySet()).containsAll(executed));
        List<UsageRecord> booked = ofTenant();
        assertThat(booked).extracting(UsageRecord::callId).containsAll(answered);
        assertThat(answered).hasSizeBetween(500, 999);
        assertThat(executed).hasSizeGreaterThan(executionsBefore + 500);
        for (UsageRecord usage : booked) {
            if (answered.contains(usage.callId())) {
                assertThat(usage.outcome()).isEqualTo(Outcome.OK);
                Execution last = executions(usage.callId()).getLast();
                assertThat(usage.outputTokens()).isEqualTo(last.usage().outputTokens());
                assertThat(usage.inputTokens()).isEqualTo(last.usage().inputTokens());
            } else {
                // An abort may come when the whole answer is on its way already.
                assertThat(usage.outcome()).isIn(Outcome.CLIENT_GONE, Outcome.OK);
                if (usage.nodeId() != null) {
                    Execution last = executions(usage.callId()).getLast();
                    assertThat(usage.outputTokens()).isEqualTo(last.usage().outputTokens());
                }
            }
        }
        assertThat(GATEWAY.bean(InFlightCalls.class).count()).isZero();
    }

    private void script(Script behaviour) {
        NODE_A.script(behaviour);
        NODE_B.script(behaviour);
    }

    /** Two choices pick either node first; after some calls the bad one has been asked too. */
    private List<UsageRecord> callUntilBothNodesWereAsked() {
        List<UsageRecord> booked = new ArrayList<>();
        for (int i = 0; i < 40 && booked.stream().noneMatch(it -> it.attempts() > 1); i++) {
            HttpResponse<String> answer = embed("\"a\"");
            assertThat(answer.statusCode()).isEqualTo(200);
            booked.add(booked(answer));
        }
        return booked;
    }

    private static UsageRecord firstRetried(List<UsageRecord> booked) {
        return booked.stream().filter(usage -> usage.attempts() > 1).findFirst().orElseThrow();
    }

    private static List<Execution> executions(UUID call) {
        List<Execution> all = new ArrayList<>(NODE_A.executionsOf(call));
        all.addAll(NODE_B.executionsOf(call));
        return all;
    }

    private HttpResponse<String> embed(String input) {
        return GATEWAY.post(
                "/v1/embeddings", key.text(), "{\"model\":\"words\",\"input\":" + input + "}");
    }

    private static String embedBody() {
        return "{\"model\":\"words\",\"input\":[\"a\",\"b\"]}";
    }

    private static String streamBody() {
        return "{\"model\":\"chat\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":"
                + "\"hi\"}]}";
    }

    private static void readEvents(InputStream body, int count) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(body));
        for (int seen = 0; seen < count; ) {
            String line = lines.readLine();
            seen += line != null && line.startsWith("data:") ? 1 : 0;
        }
    }

    private static UUID id(HttpResponse<?> answer) {
        return UUID.fromString(answer.headers().firstValue("x-request-id").orElseThrow());
    }

    private static UsageRecord booked(HttpResponse<String> answer) {
        UUID call = id(answer);
        await().until(() -> REGISTRY.ledger().containsKey(call));
        return REGISTRY.ledger().get(call);
    }

    private List<UsageRecord> ofTenant() {
        return REGISTRY.ledger().values().stream()
                .filter(usage -> usage.tenantId().equals(acme.id()))
                .toList();
    }

    private List<UsageRecord> bookedOfTenant(int count) {
        await().until(() -> ofTenant().size() == count);
        return ofTenant();
    }
}
