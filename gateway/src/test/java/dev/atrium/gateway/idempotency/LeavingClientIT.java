package dev.atrium.gateway.idempotency;

import static dev.atrium.gateway.idempotency.KeyedTenant.CHAT;
import static dev.atrium.gateway.idempotency.KeyedTenant.EMBEDDINGS;
import static dev.atrium.gateway.idempotency.KeyedTenant.GATEWAY;
import static dev.atrium.gateway.idempotency.KeyedTenant.NODE;
import static dev.atrium.gateway.idempotency.KeyedTenant.PLATFORM;
import static dev.atrium.gateway.idempotency.KeyedTenant.REGISTRY;
import static dev.atrium.gateway.idempotency.KeyedTenant.TENSORS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.admission.InFlightCalls;
import dev.atrium.gateway.testing.FakeInferenceNode.Execution;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.registry.api.idempotency.KeyOutcome.Kind;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of keyed calls that leave, at every point of the call. */
class LeavingClientIT {
    /** More than the sockets between gateway and client hold. */
    private static final int LONG = 16 * 1024 * 1024;

    private static final int TOKEN = 8 * 1024;

    private KeyedTenant acme;
    private double leftBefore;

    @BeforeEach
    void deploy() {
        acme = new KeyedTenant(GATEWAY);
        leftBefore = left(GATEWAY);
    }

    @AfterEach
    void nothingIsLeftOpen() {
        REGISTRY.keys().mute(false);
        KeyedTenant.awaitNothingOpen(GATEWAY);
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, EMBEDDINGS, TENSORS})
    void theCallGoesOnAndTheRetryIsAnswered(String path) {
        NODE.hold();
        leave(GATEWAY, path, "left");
        assertThat(GATEWAY.bean(InFlightCalls.class).count()).isEqualTo(1);

        HttpResponse<String> tooEarly = acme.post(GATEWAY, path, "left");
        NODE.goOn();
        acme.awaitOutcome(Kind.ANSWERED, 1);
        HttpResponse<String> retry = acme.post(GATEWAY, path, "left");

        assertThat(tooEarly.statusCode()).isEqualTo(409);
        assertThat(tooEarly.body()).contains("still runs");
        assertReplayed(retry, 200);
        assertPaidInFull(Outcome.OK);
    }

    @Test
    void theCallGoesOnInTheNodesQueue() {
        NODE.script(Script.of(Script.Kind.QUEUE));
        NODE.hold();
        leave(GATEWAY, EMBEDDINGS, "queued");

        NODE.goOn();
        acme.awaitOutcome(Kind.ANSWERED, 1);

        assertReplayed(acme.post(GATEWAY, EMBEDDINGS, "queued"), 200);
        assertPaidInFull(Outcome.OK);
    }

    @Test
    void aFailureIsTheAnswerOfTheRetry() {
        NODE.script(Script.of(Script.Kind.FAIL_MIDWAY));
        NODE.hold();
        leave(GATEWAY, CHAT, "fails");

        NODE.goOn();
        acme.awaitOutcome(Kind.ANSWERED, 1);

        assertReplayed(acme.post(GATEWAY, CHAT, "fails"), 502);
        assertPaidInFull(Outcome.NODE_FAILED);
    }

    @Test
    void theCallHasItsOwnDeadline() {
        PLATFORM.policy(acme.tenant(), Unit.COMPUTE_MILLIS, Window.HOUR, 6_000);
        awaitLimit("6000");
        NODE.hold();
        leave(GATEWAY, EMBEDDINGS, "late");

        acme.awaitOutcome(Kind.ANSWERED, 1);

        assertReplayed(acme.post(GATEWAY, EMBEDDINGS, "late"), 504);
        assertThat(acme.awaitLedger(1).getFirst().outcome()).isEqualTo(Outcome.DEADLINE_EXCEEDED);
    }

    @Test
    void theCallKeepsItsPermitUntilItEnds() {
        PLATFORM.policy(acme.tenant(), Unit.CONCURRENCY, Window.NONE, 1);
        awaitLimit("CONCURRENCY");
        NODE.hold();
        leave(GATEWAY, EMBEDDINGS, "permit");

        HttpResponse<String> second = acme.post(GATEWAY, EMBEDDINGS, "second");
        NODE.goOn();
        acme.awaitOutcome(Kind.ANSWERED, 1);

        assertThat(second.statusCode()).isEqualTo(429);
        await().until(() -> GATEWAY.send(GATEWAY.embedding(acme.key())).statusCode() == 200);
    }

    @Test
    void beforeTheRequestIsCompleteNothingIsClaimed() throws IOException {
        int claims = REGISTRY.keys().claims().size();
        String request = rawRequest(EMBEDDINGS, "half", KeyedTenant.body(EMBEDDINGS));
        try (Socket socket = connected()) {
            write(socket, request.substring(0, request.length() - 5));
            await().until(() -> GATEWAY.bean(InFlightCalls.class).count() == 1);
        }
        await().until(() -> GATEWAY.bean(InFlightCalls.class).count() == 0);

        assertThat(REGISTRY.keys().claims()).hasSize(claims);
        assertThat(acme.executions()).isEmpty();
        assertThat(acme.post(GATEWAY, EMBEDDINGS, "half").statusCode()).isEqualTo(200);
    }

    @Test
    void beforeTheKeyIsTheCallsOwnNothingIsExecutedAndTheKeyIsReleased() {
        int claims = REGISTRY.keys().claims().size();
        REGISTRY.keys().mute(true);
        CompletableFuture<HttpResponse<String>> first =
                GATEWAY.sendAsync(acme.request(GATEWAY, EMBEDDINGS, "claimed"));
        await().until(() -> REGISTRY.keys().claims().size() > claims);
        first.cancel(true);
        await().until(() -> GATEWAY.bean(InFlightCalls.class).count() == 0);

        REGISTRY.keys().mute(false);
        acme.awaitOutcome(Kind.RELEASED, 1);
        HttpResponse<String> retry = acme.post(GATEWAY, EMBEDDINGS, "claimed");

        assertThat(retry.statusCode()).isEqualTo(200);
        assertThat(retry.headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertThat(acme.executions()).hasSize(1);
        assertThat(left(GATEWAY)).isEqualTo(leftBefore);
    }

    @Test
    void aReplyThatNobodyReadsIsKept() throws IOException {
        String text = "x".repeat(900_000);
        String body = tensors(text);
        try (Socket socket = connected()) {
            NODE.hold();
            write(socket, rawRequest(TENSORS, "unread", body));
            await().until(() -> NODE.running() == 1);
            NODE.goOn();
            await().until(() -> NODE.running() == 0);
        }
        acme.awaitOutcome(Kind.ANSWERED, 1);

        HttpResponse<String> retry = acme.post(GATEWAY, TENSORS, "unread", body);

        assertReplayed(retry, 200);
        assertThat(retry.body()).contains(text);
        assertPaidInFull(Outcome.OK);
    }

    /** It was whole here; what is lost is lost on the way to the client. */
    @Test
    void aWholeAnswerThatIsTooLongToBeKeptCountsAsAnswered() throws IOException {
        NODE.script(Script.answer().tokens(LONG / TOKEN, Duration.ZERO).wide(TOKEN));
        try (Socket socket = connected()) {
            write(socket, rawRequest(CHAT, "long", KeyedTenant.body(CHAT)));
            awaitFirstByte(socket);
        }

        assertNotKept(CHAT, "long", KeyedTenant.body(CHAT));
        assertPaidInFull(Outcome.OK);
    }

    @Test
    void anAnswerThatPassesThroughIsCutOffAndPaidInFull() throws IOException {
        String body = tensors("x".repeat(LONG));
        try (Socket socket = connected()) {
            write(socket, rawRequest(TENSORS, "passing", body));
            awaitFirstByte(socket);
        }

        assertNotKept(TENSORS, "passing", body);
        assertPaidInFull(Outcome.CLIENT_GONE);
    }

    @Test
    void aStopOfTheGatewayWaitsForTheCall(@TempDir Path folder) {
        RunningGateway stopping = KeyedTenant.start(folder);
        acme.awaitKnown(stopping);
        NODE.hold();
        leave(stopping, EMBEDDINGS, "stopping");

        CompletableFuture<Void> stop = CompletableFuture.runAsync(stopping::close);
        await().during(Duration.ofSeconds(1)).until(() -> NODE.running() == 1);
        NODE.goOn();
        stop.join();

        assertReplayed(acme.post(GATEWAY, EMBEDDINGS, "stopping"), 200);
        assertPaidInFull(Outcome.OK);
    }

    @Test
    void aStopOfTheGatewayCutsTheCallOffInTheEnd(@TempDir Path folder) {
        RunningGateway stopping =
                KeyedTenant.start(folder, "spring.lifecycle.timeout-per-shutdown-phase=500ms");
        acme.awaitKnown(stopping);
        NODE.hold();
        leave(stopping, EMBEDDINGS, "stopped");

        stopping.close();
        HttpResponse<String> retry = acme.post(GATEWAY, EMBEDDINGS, "stopped");

        assertThat(retry.statusCode()).isEqualTo(409);
        assertThat(retry.body()).contains("\"idempotency_outcome_unknown\"");
        assertThat(acme.executions()).hasSize(1);
        assertThat(acme.awaitLedger(1).getFirst().outcome()).isEqualTo(Outcome.GATEWAY_LOST);
    }

    /** Leaves once the node has the call. */
    private void leave(RunningGateway through, String path, String name) {
        double before = left(through);
        CompletableFuture<HttpResponse<String>> first =
                through.sendAsync(acme.request(through, path, name));
        await().until(() -> NODE.running() + NODE.queued() == 1);
        first.cancel(true);
        awaitLeft(through, before);
    }

    private static void awaitLeft(RunningGateway through, double before) {
        await().until(() -> left(through) == before + 1);
    }

    private static double left(RunningGateway through) {
        return through.bean(MeterRegistry.class).counter("atrium.gateway.idempotency.left").count();
    }

    private void awaitLimit(String text) {
        await().until(() -> GATEWAY.get("/v1/limits", acme.key().text()).body().contains(text));
    }

    private void assertReplayed(HttpResponse<String> retry, int status) {
        assertThat(retry.statusCode()).as(retry.body()).isEqualTo(status);
        assertThat(retry.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(retry.headers().firstValue("Atrium-Original-Request-Id"))
                .hasValue(execution().grant().callId().toString());
    }

    private void assertNotKept(String path, String name, String body) {
        acme.awaitOutcome(Kind.ANSWERED, 1);
        HttpResponse<String> retry = acme.post(GATEWAY, path, name, body);
        assertThat(retry.statusCode()).isEqualTo(409);
        assertThat(retry.body()).contains("the reply was not kept");
    }

    private Execution execution() {
        assertThat(acme.executions()).hasSize(1);
        return acme.executions().getFirst();
    }

    /** One row for one execution, with its figures. */
    private void assertPaidInFull(Outcome outcome) {
        UsageRecord row = acme.awaitLedger(1).getFirst();
        assertThat(execution().isCancelled() && outcome == Outcome.OK).isFalse();
        assertThat(row.outcome()).isEqualTo(outcome);
        assertThat(row.inputTokens()).isEqualTo(execution().usage().inputTokens());
        assertThat(row.outputTokens()).isEqualTo(execution().usage().outputTokens());
        assertThat(row.computeMicros()).isPositive().isEqualTo(execution().usage().computeMicros());
    }

    private static String tensors(String text) {
        return "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\""
                + text
                + "\"]}]}";
    }

    /** A client with a small window, which reads nothing. */
    private static Socket connected() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.setSoTimeout(30_000);
        socket.connect(new InetSocketAddress("127.0.0.1", GATEWAY.port()));
        return socket;
    }

    private static void awaitFirstByte(Socket socket) throws IOException {
        assertThat(socket.getInputStream().read()).isEqualTo('H');
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private String rawRequest(String path, String name, String body) {
        return "POST "
                + path
                + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + acme.key().text()
                + "\r\nIdempotency-Key: "
                + name
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }
}
