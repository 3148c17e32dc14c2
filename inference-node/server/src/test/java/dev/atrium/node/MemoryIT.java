package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.PlacementOrder;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A node with room for two workers, by what a worker was measured to take. */
class MemoryIT {
    private static final String IRIS =
            Oip.request("1", TestModels.expected("iris.onnx").get("inputs"));
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static RunningNode node;
    private static long one;

    @BeforeAll
    static void measure() {
        RunningNode roomy = RunningNode.shared();
        PlacementOrder iris =
                roomy.deploy(Framework.ONNX, "model.onnx", TestModels.demo("iris.onnx"));
        one = roomy.awaitReady(iris).residentBytes();
        roomy.registry().remove(iris);
        long room = 2 * Math.max(one, 97L << 20) + one / 4;
        node =
                RunningNode.start(
                        FakeRegistry.start(),
                        "atrium.node.registration.memory=" + room + "B",
                        "atrium.node.model.least-stay=1s");
    }

    @Test
    void whatDoesNotFitWaitsAndTheLeastRecentlyUsedMakesWayUnlessItIsPinned() {
        PlacementOrder first = place();
        PlacementOrder second = place();
        node.awaitReady(first);
        node.awaitReady(second);

        PlacementOrder third = place();

        await().until(() -> reason(third).contains("waits for memory"));
        assertThat(state(third)).isEqualTo(ReplicaState.PENDING);
        assertThat(state(first)).as("pinned, as all are at first").isEqualTo(ReplicaState.READY);
        node.registry().setPinned(first, false);
        node.registry().setPinned(second, false);
        await().until(() -> node.infer(first, IRIS).statusCode() == 200);
        node.awaitReady(third);
        assertThat(state(first)).as("called later than the second").isEqualTo(ReplicaState.READY);
        await().atMost(LONGEST).until(() -> state(second) == ReplicaState.UNLOADED);
        assertThat(reason(second)).contains("waits for memory", " are free on this node");
        assertThat(node.infer(first, IRIS).statusCode()).isEqualTo(200);
        assertThat(node.infer(third, IRIS).statusCode()).isEqualTo(200);
        assertThat(evictions(second)).isEqualTo(1);
        assertThat(evictions(first) + evictions(third)).isZero();

        HttpResponse<String> call = node.infer(second, IRIS);

        assertThat(call.statusCode()).isEqualTo(503);
        assertThat(call.body()).contains("\"loading\"");
        assertThat(call.headers().firstValueAsLong("retry-after").orElseThrow()).isPositive();
        node.awaitReady(second);
        assertThat(state(first)).as("made way for the call").isEqualTo(ReplicaState.UNLOADED);
        assertThat(node.infer(second, IRIS).statusCode()).isEqualTo(200);

        node.registry().remove(third);

        node.awaitReady(first);
        assertThat(node.infer(first, IRIS).statusCode()).isEqualTo(200);
        node.registry().remove(first);
        node.registry().remove(second);
    }

    private static double evictions(PlacementOrder order) {
        return node.bean(MeterRegistry.class)
                .get("atrium.node.evictions")
                .tag("model", order.model().toString())
                .counter()
                .count();
    }

    private static ReplicaState state(PlacementOrder order) {
        return node.registry().report(order).orElseThrow().state();
    }

    private static String reason(PlacementOrder order) {
        return node.registry()
                .report(order)
                .map(report -> String.valueOf(report.reason()))
                .orElse("");
    }

    private static PlacementOrder place() {
        return node.registry()
                .place(
                        Framework.ONNX,
                        Task.TENSORS,
                        VersionSettings.DEFAULT,
                        List.of(node.registry().store("model.onnx", TestModels.demo("iris.onnx"))));
    }
}
