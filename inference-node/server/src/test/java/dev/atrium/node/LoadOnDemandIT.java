package dev.atrium.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.AttemptEnd;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Operation;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Copies that are in memory only while they are called. */
class LoadOnDemandIT {
    private static final String IRIS =
            Oip.request("1", TestModels.expected("iris.onnx").get("inputs"));
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int WAITING_CALLS = 8;
    private static final int SOME_BYTES = 100;
    private static RunningNode node;

    @BeforeAll
    static void start() {
        node =
                RunningNode.start(
                        FakeRegistry.start(),
                        "atrium.node.inference.max-waiting=" + WAITING_CALLS,
                        "atrium.node.inference.max-waiting-bytes=1MB");
    }

    @AfterEach
    void nobodyWaitsAnyMore() {
        await().until(() -> waiting() == 0);
    }

    @Test
    void isLoadedByTheFirstCallAndUnloadedAfterTheLast() {
        int fetched = node.registry().fetches();
        PlacementOrder iris = place(2);
        awaitState(iris, ReplicaState.UNLOADED);
        assertThat(node.registry().fetches()).as("before a call").isEqualTo(fetched);

        HttpResponse<String> first = node.infer(iris, IRIS);

        assertThat(first.statusCode()).isEqualTo(503);
        assertThat(first.body()).contains("\"loading\"", "is being loaded");
        assertThat(first.headers().firstValueAsLong("retry-after").orElseThrow()).isBetween(1L, 5L);
        node.awaitReady(iris);
        assertThat(node.infer(iris, IRIS).statusCode()).isEqualTo(200);
        awaitState(iris, ReplicaState.UNLOADED);
        await().until(() -> node.registry().report(iris).orElseThrow().residentBytes() == 0);
        assertThat(count("atrium.node.cold.starts", iris)).isEqualTo(1);
        assertThat(count("atrium.node.evictions", iris)).isZero();

        HttpResponse<String> held = join(hold(iris, 30));

        assertThat(held.statusCode()).as(held.body()).isEqualTo(200);
        assertThat(count("atrium.node.cold.starts", iris)).isEqualTo(2);
        node.registry().remove(iris);
    }

    @Test
    void staysLoadedWhileItIsCalled() {
        PlacementOrder iris = place(2);
        join(hold(iris, 30));

        await().pollInterval(Duration.ofMillis(300))
                .during(Duration.ofSeconds(4))
                .atMost(Duration.ofSeconds(10))
                .until(() -> node.infer(iris, IRIS).statusCode() == 200);

        assertThat(count("atrium.node.loads", iris)).isEqualTo(1);
        node.registry().remove(iris);
    }

    @Test
    void isLoadedOnceHoweverManyCallsWait() {
        PlacementOrder iris = place(60);
        awaitState(iris, ReplicaState.UNLOADED);

        List<CompletableFuture<HttpResponse<String>>> calls =
                Stream.generate(() -> hold(iris, 30)).limit(WAITING_CALLS).toList();

        assertThat(calls).allSatisfy(call -> assertThat(join(call).statusCode()).isEqualTo(200));
        assertThat(count("atrium.node.loads", iris)).isEqualTo(1);
        assertThat(count("atrium.node.cold.starts", iris)).isEqualTo(1);
        node.registry().remove(iris);
    }

    @Test
    void noMoreCallsWaitThanThereAreWaitingPlaces() {
        PlacementOrder iris = placeSlowly(60);
        List<CompletableFuture<HttpResponse<String>>> calls =
                Stream.generate(() -> hold(iris, 30)).limit(WAITING_CALLS).toList();
        await().until(() -> waiting() == WAITING_CALLS);

        HttpResponse<String> oneMore = join(hold(iris, 30));

        assertThat(oneMore.statusCode()).isEqualTo(503);
        assertThat(oneMore.body()).contains("\"loading\"");
        assertThat(waiting()).isEqualTo(WAITING_CALLS);
        assertThat(calls).allSatisfy(call -> assertThat(join(call).statusCode()).isEqualTo(200));
        node.registry().remove(iris);
    }

    @Test
    void noMoreBytesWaitThanThereIsRoomFor() {
        PlacementOrder iris = placeSlowly(60);
        String large = IRIS + " ".repeat(700 * 1024);
        CompletableFuture<HttpResponse<String>> held = node.inferWaiting(grant(iris), large, 30);
        await().until(() -> waiting() == 1);

        HttpResponse<String> another = join(node.inferWaiting(grant(iris), large, 30));

        assertThat(another.body()).contains("\"loading\"");
        assertThat(join(held).statusCode()).isEqualTo(200);
        node.registry().remove(iris);
    }

    @Test
    void aCallWaitsNoLongerThanItsCallerPrefers() {
        PlacementOrder iris = placeSlowly(60);
        long begun = System.nanoTime();

        HttpResponse<String> answer = join(hold(iris, 1));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("\"loading\"");
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThan(Duration.ofMillis(900));
        node.awaitReady(iris);
        node.registry().remove(iris);
    }

    @Test
    void aCallWaitsNoLongerThanItsDeadline() {
        PlacementOrder iris = placeSlowly(60);
        long begun = System.nanoTime();

        HttpResponse<String> answer =
                join(node.inferWaiting(withDeadline(grant(iris), 1_500), IRIS, 30));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isLessThan(Duration.ofMillis(1_900));
        node.registry().remove(iris);
    }

    @Test
    void aClientThatGoesAwayFreesItsPlaceAndNothingIsComputed() {
        PlacementOrder iris = placeSlowly(60);
        Grant grant = grant(iris);
        CompletableFuture<HttpResponse<String>> call = node.inferWaiting(grant, IRIS, 30);
        await().until(() -> waiting() == 1);

        call.cancel(true);

        await().atMost(Duration.ofSeconds(2)).until(() -> waiting() == 0);
        assertThat(end(grant)).isEqualTo(AttemptEnd.NOT_COMPUTED);
        node.awaitReady(iris);
        assertThat(node.registry().usageOf(grant)).isEmpty();
        node.registry().remove(iris);
    }

    @Test
    void theEndOfAnAttemptEndsItsWait() {
        PlacementOrder iris = placeSlowly(60);
        Grant grant = grant(iris);
        CompletableFuture<HttpResponse<String>> call = node.inferWaiting(grant, IRIS, 30);
        await().until(() -> waiting() == 1);

        AttemptEnd end = end(grant);

        assertThat(end).isEqualTo(AttemptEnd.NOT_COMPUTED);
        assertThat(waiting()).isZero();
        assertThat(join(call).statusCode()).isNotEqualTo(200);
        node.registry().remove(iris);
    }

    @Test
    void callsThatWaitForWhatCannotBeLoadedAreRefused() {
        PlacementOrder broken =
                node.registry()
                        .placeOnCall(
                                60,
                                List.of(node.registry().store("model.onnx", new byte[SOME_BYTES])));
        awaitState(broken, ReplicaState.UNLOADED);

        HttpResponse<String> answer = join(hold(broken, 30));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("\"not_ready\"");
        node.awaitFailed(broken);
        node.registry().remove(broken);
    }

    @Test
    void callsThatWaitForWhatIsRemovedAreRefused() {
        PlacementOrder iris = placeSlowly(60);
        CompletableFuture<HttpResponse<String>> held = hold(iris, 30);
        await().until(() -> waiting() == 1);

        node.registry().remove(iris);

        assertThat(join(held).body()).contains("\"not_ready\"");
    }

    @Test
    void whatIsOrderedToStayIsLoadedWithoutACall() {
        PlacementOrder iris = place(60);
        awaitState(iris, ReplicaState.UNLOADED);

        node.registry().setIdleSeconds(iris, 0);

        node.awaitReady(iris);
        assertThat(count("atrium.node.cold.starts", iris)).isZero();
        node.registry().setIdleSeconds(iris, 1);
        awaitState(iris, ReplicaState.UNLOADED);
        node.registry().remove(iris);
    }

    private static PlacementOrder place(int idleSeconds) {
        return node.registry().placeOnCall(idleSeconds, List.of(iris()));
    }

    private static ModelFile iris() {
        return node.registry().store("model.onnx", TestModels.demo("iris.onnx"));
    }

    /** One whose first load takes longer than the node's patience with a download that stalls. */
    private static PlacementOrder placeSlowly(int idleSeconds) {
        // Of its own, so that it is not here already.
        byte[] notes = Long.toString(System.nanoTime()).repeat(SOME_BYTES).getBytes(UTF_8);
        PlacementOrder order =
                node.registry()
                        .placeOnCall(
                                idleSeconds,
                                List.of(iris(), node.registry().store("notes.txt", notes)));
        awaitState(order, ReplicaState.UNLOADED);
        node.registry().stallNextArtifactAt(SOME_BYTES);
        return order;
    }

    private static Grant grant(PlacementOrder order) {
        return node.registry().grant(order, Operation.INFER);
    }

    private static Grant withDeadline(Grant grant, long millis) {
        return new Grant(
                grant.callId(),
                grant.attempt(),
                grant.nodeId(),
                grant.tenantId(),
                grant.projectId(),
                grant.principalKind(),
                grant.principalId(),
                grant.modelId(),
                grant.modelName(),
                grant.versionId(),
                grant.version(),
                grant.operation(),
                grant.issuedAt(),
                grant.expiresAt(),
                millis,
                grant.maxOutputTokens(),
                grant.gatewayId(),
                grant.label(),
                grant.reserved());
    }

    private static CompletableFuture<HttpResponse<String>> hold(PlacementOrder order, int seconds) {
        return node.inferWaiting(grant(order), IRIS, seconds);
    }

    private static HttpResponse<String> join(CompletableFuture<HttpResponse<String>> call) {
        return call.orTimeout(LONGEST.toSeconds(), SECONDS).join();
    }

    private static AttemptEnd end(Grant grant) {
        HttpResponse<String> answer = node.send(NodeProtocol.END, grant, "");
        return JsonMapper.builder().build().readValue(answer.body(), AttemptEnd.class);
    }

    private static void awaitState(PlacementOrder order, ReplicaState state) {
        await(state.name())
                .atMost(LONGEST)
                .until(() ->
                        node.registry()
                                .report(order)
                                .map(report -> report.state() == state)
                                .orElse(false));
    }

    private static double count(String meter, PlacementOrder order) {
        return Optional.ofNullable(
                        node.bean(MeterRegistry.class)
                                .find(meter)
                                .tag("model", order.model().toString())
                                .counter())
                .map(counter -> counter.count())
                .orElse(0.0);
    }

    private static int waiting() {
        return (int) node.bean(MeterRegistry.class).get("atrium.node.cold.waiting").gauge().value();
    }
}
