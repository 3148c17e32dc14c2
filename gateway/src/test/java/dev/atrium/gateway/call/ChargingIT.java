package dev.atrium.gateway.call;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.admission.InFlightCalls;
import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.quota.Quotas;
import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeInferenceNode.Execution;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.ModelFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of docs/charging.md: the ledger beside the node's own account of each call. */
class ChargingIT {
    private static final NodeUsage BURNT = new NodeUsage(2, 0, 345_000);

    private TenantFixture acme;
    private KeyFixture key;
    private PolicyId requests;
    private PolicyId tokens;
    private FakeInferenceNode spare;

    @BeforeEach
    void deploy() {
        acme = PLATFORM.tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        key = PLATFORM.key(acme);
        requests = PLATFORM.policy(acme, Unit.REQUESTS, Window.MONTH, 1_000);
        tokens = PLATFORM.policy(acme, Unit.TOKENS, Window.MONTH, 1_000_000);
        for (ModelFixture model :
                List.of(
                        PLATFORM.model(acme, "words", Task.TEXT_EMBEDDING),
                        PLATFORM.model(acme, "tensors", Task.TENSORS),
                        PLATFORM.model(acme, "chat", Task.TEXT_GENERATION))) {
            PLATFORM.replica(model.version(1), NODE_A);
        }
        awaitModel("chat");
        spare = new FakeInferenceNode(REGISTRY);
    }

    @AfterEach
    void nothingIsLeftOpen() {
        NODE_A.script(Script.answer());
        NODE_A.mute(false);
        spare.close();
        await().until(() -> GATEWAY.bean(Journal.class).openCalls() == 0);
        await().until(() -> GATEWAY.bean(InFlightCalls.class).count() == 0);
        await().until(() -> GATEWAY.bean(Quotas.class).open() == 0);
        assertThat(REGISTRY.quotas().broken()).isNull();
        assertThat(RunningGateway.blockingCalls()).isEmpty();
        assertThat(REGISTRY.duplicates()).isZero();
    }

    @Test
    void aCallThatIsAnsweredPaysForAllOfIt() {
        HttpResponse<String> answer = chat();

        UsageRecord usage = booked(Outcome.OK);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(usage.outputTokens()).isEqualTo(5);
        assertPaysWhatTheNodeSays(usage);
        assertCharged(1, 12);
    }

    @ParameterizedTest
    @CsvSource({"401,words", "404,nothing", "400,words"})
    void aCallThatIsRefusedIsNotBooked(int status, String model) {
        int before = NODE_A.executions().size();

        HttpResponse<String> answer =
                GATEWAY.post(
                        "/v1/embeddings",
                        status == 401 ? "atr_nobody" : key.text(),
                        "{\"model\":\""
                                + model
                                + "\""
                                + (status == 400 ? "" : ",\"input\":\"a\"")
                                + "}");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(NODE_A.executions()).hasSize(before);
        assertNothingIsBookedBefore(booksOneMore());
    }

    @Test
    void aCallThatReachesNoNodePaysNothing() {
        ModelFixture far = PLATFORM.model(acme, "far", Task.TEXT_EMBEDDING);
        spare.close();
        PLATFORM.replica(far.version(1), spare);
        awaitModel("far");

        HttpResponse<String> answer = embed("far");

        UsageRecord usage = booked(Outcome.NO_REPLICA);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(usage.inputTokens() + usage.outputTokens() + usage.computeMicros()).isZero();
        assertCharged(0, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/embeddings", "/v1/chat/completions", "/v2/models/tensors/infer"})
    void aClientThatLeavesBeforeTheFirstBytePaysForWhatWasComputed(String path) {
        NODE_A.script(Script.answer().after(Duration.ofSeconds(20)).using(BURNT));
        CompletableFuture<HttpResponse<String>> call = sendAsync(path);
        await().until(() -> NODE_A.running() == 1);

        call.cancel(true);

        UsageRecord usage = booked(Outcome.CLIENT_GONE);
        assertThat(usage.httpStatus()).isEqualTo(499);
        assertThat(usage.computeMicros()).isEqualTo(BURNT.computeMicros());
        assertThat(usage.nodeId()).isEqualTo(NODE_A.id());
        assertPaysWhatTheNodeSays(usage);
        assertThat(execution(usage).isCancelled()).isTrue();
        assertCharged(1, path.startsWith("/v2") ? 0 : BURNT.inputTokens());
    }

    @Test
    void aClientThatLeavesWhileTheNodeQueuesItsCallPaysNothing() {
        NODE_A.script(Script.of(Script.Kind.QUEUE).after(Duration.ofSeconds(20)));
        CompletableFuture<HttpResponse<String>> call = sendAsync("/v1/embeddings");
        await().until(() -> NODE_A.queued() == 1);

        call.cancel(true);

        UsageRecord usage = booked(Outcome.CLIENT_GONE);
        assertThat(usage.computeMicros()).isZero();
        assertThat(usage.nodeId()).isNull();
        assertCharged(0, 0);
    }

    @Test
    void aClientThatLeavesAStreamPaysForWhatTheNodeMadeUntilItHeard() throws IOException {
        NODE_A.script(Script.answer().tokens(2_000, Duration.ofMillis(2)));

        InputStream stream = openStream();
        readEvents(stream, 5);
        stream.close();

        UsageRecord usage = booked(Outcome.CLIENT_GONE);
        assertThat(usage.httpStatus()).isEqualTo(200);
        assertThat(usage.outputTokens()).isBetween(1L, 1_990L);
        assertPaysWhatTheNodeSays(usage);
        assertCharged(1, usage.inputTokens() + usage.outputTokens());
    }

    @Test
    void aLastWordIsAskedForAgainWhenItsConnectionBreaks() throws IOException {
        NODE_A.script(Script.answer().tokens(2_000, Duration.ofMillis(2)));
        int asked = NODE_A.endsAsked();
        NODE_A.breakEnds(2);

        InputStream stream = openStream();
        readEvents(stream, 5);
        stream.close();

        assertPaysWhatTheNodeSays(booked(Outcome.CLIENT_GONE));
        assertThat(NODE_A.endsAsked() - asked).isEqualTo(3);
    }

    @Test
    void aClientThatLeavesAfterTheEndPaysForAllOfIt() throws IOException {
        InputStream stream = openStream();
        stream.readAllBytes();
        stream.close();

        UsageRecord usage = booked(Outcome.OK);
        assertThat(usage.outputTokens()).isEqualTo(5);
        assertPaysWhatTheNodeSays(usage);
    }

    @Test
    void aNodeThatNeverSaysLeavesItAtWhatPassedThrough() throws IOException {
        NODE_A.script(Script.answer().tokens(2_000, Duration.ofMillis(2)));
        NODE_A.mute(true);

        InputStream stream = openStream();
        readEvents(stream, 5);
        stream.close();

        UsageRecord usage = booked(Outcome.CLIENT_GONE);
        assertThat(usage.outputTokens()).isBetween(1L, 1_990L);
        assertCharged(1, usage.inputTokens() + usage.outputTokens());
    }

    @Test
    void whatAnAttemptUsedThatWasRetriedIsNotBilled() {
        ModelFixture twice = PLATFORM.model(acme, "twice", Task.TEXT_EMBEDDING);
        NODE_A.script(Script.of(Script.Kind.DROP_BEFORE_ANSWER).using(BURNT));
        PLATFORM.replica(twice.version(1), NODE_A);
        PLATFORM.replica(twice.version(1), spare);
        awaitModel("twice");

        await().until(() -> {
            embed("twice");
            return ofTenant().stream().anyMatch(usage -> usage.attempts() == 2);
        });

        await().untilAsserted(() -> assertThat(ofTenant()).hasSize(calls()));
        assertThat(ofTenant())
                .allSatisfy(usage -> {
                    assertThat(usage.outcome()).isEqualTo(Outcome.OK);
                    assertThat(usage.nodeId()).isEqualTo(spare.id());
                    assertThat(usage.inputTokens()).isEqualTo(3);
                });
        assertCharged(calls(), 3L * calls());
    }

    @Test
    void aNodeThatBreaksOffInTheMiddleIsPaidForWhatItMade() {
        NODE_A.script(Script.of(Script.Kind.DROP_MIDWAY));

        HttpResponse<String> answer = GATEWAY.send(request("/v1/chat/completions", true));

        UsageRecord usage = booked(Outcome.NODE_FAILED);
        assertThat(answer.body()).contains("upstream_failed");
        assertThat(usage.outputTokens()).isEqualTo(5);
        assertPaysWhatTheNodeSays(usage);
    }

    @Test
    void aNodeThatIsGoneForGoodIsPaidForWhatPassedThrough() {
        NODE_A.script(Script.of(Script.Kind.DROP_MIDWAY));
        NODE_A.mute(true);

        HttpResponse<String> answer = GATEWAY.send(request("/v1/chat/completions", true));

        UsageRecord usage = booked(Outcome.NODE_FAILED);
        assertThat(answer.body()).contains("upstream_failed");
        assertThat(usage.outputTokens()).isEqualTo(5);
        assertCharged(1, 12);
    }

    @Test
    void anInputThatTheNodeRefusesCountsAsARequest() {
        NODE_A.script(Script.refuse(NodeError.INVALID_INPUT, "input x must be FP32"));

        HttpResponse<String> answer = embed("words");

        UsageRecord usage = booked(Outcome.INVALID_INPUT);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(usage.computeMicros()).isZero();
        assertCharged(1, 0);
    }

    @Test
    void aModelThatFailsIsPaidForWhatItUsedUntilThen() {
        NODE_A.script(Script.refuse(NodeError.MODEL_FAILED, "the model failed").using(BURNT));

        HttpResponse<String> answer = embed("words");

        UsageRecord usage = booked(Outcome.NODE_FAILED);
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(usage.computeMicros()).isEqualTo(BURNT.computeMicros());
        assertCharged(1, BURNT.inputTokens());
    }

    @Test
    void aModelThatFailsInAStreamIsPaidForWhatItMade() {
        NODE_A.script(Script.of(Script.Kind.FAIL_MIDWAY));

        HttpResponse<String> answer = GATEWAY.send(request("/v1/chat/completions", true));

        UsageRecord usage = booked(Outcome.NODE_FAILED);
        assertThat(answer.body()).contains("model_failed");
        assertThat(usage.outputTokens()).isEqualTo(5);
        assertPaysWhatTheNodeSays(usage);
    }

    @Test
    void aDeadlineEndsTheCallAndItPaysForWhatWasComputedUntilThen() {
        PLATFORM.policy(acme, Unit.COMPUTE_MILLIS, Window.HOUR, 1_500);
        await().until(() -> GATEWAY.get("/v1/limits", key.text()).body().contains("1500"));
        NODE_A.script(Script.answer().after(Duration.ofSeconds(20)).using(BURNT));

        HttpResponse<String> answer = embed("words");

        UsageRecord usage = booked(Outcome.DEADLINE_EXCEEDED);
        assertThat(answer.statusCode()).isEqualTo(504);
        assertPaysWhatTheNodeSays(usage);
        assertThat(usage.computeMicros()).isEqualTo(BURNT.computeMicros());
    }

    @Test
    void aNodeThatGaveUpAtTheDeadlineIsAskedWhatItUsedInTheEnd() {
        int before = NODE_A.endsAsked();
        NODE_A.script(Script.refuse(NodeError.DEADLINE_EXCEEDED, "too late").using(BURNT));

        HttpResponse<String> answer = embed("words");

        booked(Outcome.DEADLINE_EXCEEDED);
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(NODE_A.endsAsked()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 0, 0",
        "0, -1, 0",
        "0, 0, -9223372036854775808",
        "9223372036854775807, 9223372036854775807, 0",
        "1000000001, 0, 0",
        "0, 0, 86400000001"
    })
    void nonsenseOfANodeIsNoAnswerAndCostsNothing(long input, long output, long compute) {
        NODE_A.script(Script.answer().using(new NodeUsage(input, output, compute)));

        HttpResponse<String> answer = embed("words");
        HttpResponse<String> stream = GATEWAY.send(request("/v1/chat/completions", true));

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("upstream_invalid");
        assertThat(stream.body()).contains("upstream_invalid");
        await().until(() -> ofTenant().size() == 2);
        assertThat(ofTenant())
                .allSatisfy(usage -> {
                    assertThat(usage.outcome()).isEqualTo(Outcome.NODE_FAILED);
                    assertThat(usage.inputTokens() + usage.outputTokens()).isZero();
                    assertThat(usage.computeMicros()).isZero();
                });
        assertCharged(2, 0);
    }

    @Test
    void moreThanTheWorstCaseIsRecordedButNotCharged() {
        NODE_A.script(Script.answer().using(new NodeUsage(500_000_000, 0, 1_000)));

        HttpResponse<String> answer = embed("words");

        UsageRecord usage = booked(Outcome.OK);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(usage.inputTokens()).isEqualTo(500_000_000);
        assertCharged(1, usage.charges().get(tokenCharge(usage)).reserved());
        assertThat(REGISTRY.quotas().figures(tokens).used()).isLessThan(100);
        await().until(() ->
                GATEWAY.get(GATEWAY.managementUrl().resolve("/actuator/prometheus"), null)
                        .body()
                        .contains("atrium_quota_excess_total"));
    }

    private int tokenCharge(UsageRecord usage) {
        return usage.charges().get(0).policyId().equals(tokens) ? 0 : 1;
    }

    private void assertPaysWhatTheNodeSays(UsageRecord usage) {
        await().until(() -> NODE_A.running() == 0);
        assertThat(new NodeUsage(usage.inputTokens(), usage.outputTokens(), usage.computeMicros()))
                .isEqualTo(execution(usage).usage());
    }

    private static Execution execution(UsageRecord usage) {
        return NODE_A.executionsOf(usage.callId()).getLast();
    }

    private void assertCharged(long calls, long used) {
        await().untilAsserted(() -> {
            assertThat(REGISTRY.quotas().figures(requests).used()).isEqualTo(calls);
            assertThat(REGISTRY.quotas().figures(tokens).used()).isEqualTo(used);
        });
    }

    /** The journal ships in order: what comes after a call that was not booked proves it. */
    private UUID booksOneMore() {
        NODE_A.script(Script.answer());
        HttpResponse<String> answer = embed("words");
        UUID id = UUID.fromString(answer.headers().firstValue("x-request-id").orElseThrow());
        await().until(() -> REGISTRY.ledger().containsKey(id));
        return id;
    }

    private void assertNothingIsBookedBefore(UUID call) {
        assertThat(ofTenant()).extracting(UsageRecord::callId).containsExactly(call);
    }

    private UsageRecord booked(Outcome outcome) {
        await().until(() -> ofTenant().size() == 1);
        assertThat(ofTenant().getFirst().outcome()).isEqualTo(outcome);
        return ofTenant().getFirst();
    }

    private List<UsageRecord> ofTenant() {
        return REGISTRY.ledger().values().stream()
                .filter(usage -> usage.tenantId().equals(acme.id()))
                .toList();
    }

    private int calls() {
        return spare.executions().size();
    }

    private void awaitModel(String name) {
        await().until(() -> GATEWAY.get("/v1/models/" + name, key.text()).statusCode() == 200);
    }

    private HttpResponse<String> embed(String model) {
        return GATEWAY.post(
                "/v1/embeddings", key.text(), "{\"model\":\"" + model + "\",\"input\":\"a\"}");
    }

    private HttpResponse<String> chat() {
        return GATEWAY.send(request("/v1/chat/completions", false));
    }

    private CompletableFuture<HttpResponse<String>> sendAsync(String path) {
        return GATEWAY.sendAsync(request(path, false));
    }

    private HttpRequest request(String path, boolean stream) {
        String body =
                switch (path) {
                    case "/v1/embeddings" -> "{\"model\":\"words\",\"input\":\"a\"}";
                    case "/v1/chat/completions" ->
                            "{\"model\":\"chat\",\"stream\":"
                                    + stream
                                    + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
                    default -> "{\"inputs\":[]}";
                };
        return GATEWAY.postRequest(path, key.text(), body);
    }

    private InputStream openStream() {
        return GATEWAY.client()
                .sendAsync(
                        request("/v1/chat/completions", true),
                        HttpResponse.BodyHandlers.ofInputStream())
                .join()
                .body();
    }

    private static void readEvents(InputStream body, int count) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(body));
        for (int seen = 0; seen < count; ) {
            String line = lines.readLine();
            seen += line != null && line.startsWith("data:") ? 1 : 0;
        }
    }
}
