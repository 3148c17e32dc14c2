package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.EmbedRequest;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.model.Replicas;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TinyTorch;
import dev.atrium.node.worker.HostedModel;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** A caller who goes away takes the computation along: its worker's processor time stands still. */
class LeavingCallersIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final RunningNode NODE = RunningNode.shared();
    private static final Duration UNDER_WAY = Duration.ofMillis(400);
    private static final Duration LOOK = Duration.ofMillis(300);
    private static final Duration IDLE = Duration.ofMillis(60);

    @Test
    void textsOfACallerWhoIsGoneAreNotEmbedded() throws IOException {
        PlacementOrder miniLm = deployMiniLm();
        long pid = model(miniLm).pid();
        String aBook = "what nobody will read is not computed either ".repeat(10);
        Grant grant = NODE.registry().grant(miniLm, Operation.EMBEDDINGS);
        var call = begin(NodeProtocol.EMBED, grant, texts(Collections.nCopies(2_048, aBook)));
        awaitUnderWay(miniLm);

        call.cancel(true);

        awaitIdle(pid, Duration.ofMillis(1_800));
        assertThat(model(miniLm).pid()).as("the worker was not killed for it").isEqualTo(pid);
        NodeUsageRecord shipped = shipped(grant);
        assertThat(shipped.outcome()).isEqualTo("CLIENT_GONE");
        assertThat(shipped.computeMicros()).isPositive();
        Grant next = NODE.registry().grant(miniLm, Operation.EMBEDDINGS);
        assertThat(NODE.send(NodeProtocol.EMBED, next, texts(List.of("cat"))).statusCode())
                .isEqualTo(200);
        NODE.registry().remove(miniLm);
    }

    @Test
    void aTorchScriptThatNobodyWaitsForEndsWithItsWorker() {
        PlacementOrder endless =
                NODE.deploy(Framework.TORCHSCRIPT, "model.pt", TinyTorch.endlessForPositiveSums());
        long pid = model(endless).pid();
        Grant grant = NODE.registry().grant(endless, Operation.INFER);
        var call = begin(NodeProtocol.INFER, grant, series(1));
        awaitUnderWay(endless);

        call.cancel(true);

        await("no library stops in the middle, so its process ends after the grace time")
                .atMost(Duration.ofSeconds(4))
                .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        assertThat(shipped(grant).outcome()).isEqualTo("CLIENT_GONE");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> NODE.infer(endless, series(-1)).statusCode() == 200);
        awaitIdle(model(endless).pid(), Duration.ofSeconds(3));
        NODE.registry().remove(endless);
    }

    private static CompletableFuture<HttpResponse<String>> begin(
            String template, Grant grant, String body) {
        return NODE.sendAsync(template, grant, NODE.registry().sign(grant), body);
    }

    private static void awaitUnderWay(PlacementOrder order) {
        HostedModel model = model(order);
        Duration before = cpu(model.pid());
        await("under way")
                .atMost(Duration.ofSeconds(15))
                .until(() ->
                        model.inFlight() == 1
                                && cpu(model.pid()).minus(before).compareTo(UNDER_WAY) > 0);
    }

    private static void awaitIdle(long pid, Duration longest) {
        AtomicReference<Duration> last = new AtomicReference<>(Duration.ZERO);
        await("idle")
                .pollInterval(LOOK)
                .atMost(longest)
                .until(() -> {
                    Duration now = cpu(pid);
                    return now.minus(last.getAndSet(now)).compareTo(IDLE) < 0;
                });
    }

    private static Duration cpu(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow();
    }

    private static HostedModel model(PlacementOrder order) {
        return NODE.bean(Replicas.class)
                .find(order.versionId())
                .flatMap(replica -> replica.serving())
                .orElseThrow();
    }

    private static PlacementOrder deployMiniLm() throws IOException {
        PlacementOrder miniLm =
                NODE.registry()
                        .place(
                                Framework.ONNX,
                                Task.TEXT_EMBEDDING,
                                VersionSettings.DEFAULT,
                                List.of(
                                        NODE.registry()
                                                .store(
                                                        "model.onnx",
                                                        resource("/all-minilm-l6-v2.onnx")),
                                        NODE.registry()
                                                .store(
                                                        "tokenizer.json",
                                                        resource(
                                                                "/all-minilm-l6-v2-tokenizer.json"))));
        NODE.awaitReady(miniLm);
        return miniLm;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = LeavingCallersIT.class.getResourceAsStream(name)) {
            return stream.readAllBytes();
        }
    }

    private static String texts(List<String> texts) {
        return JSON.writeValueAsString(new EmbedRequest(texts));
    }

    private static String series(int sign) {
        return """
        {"inputs":[{"name":"series","datatype":"FP32","shape":[2],"data":[%d,%d]}]}
        """
                .formatted(sign, sign);
    }

    private static NodeUsageRecord shipped(Grant grant) {
        return await().until(() -> NODE.registry().usageOf(grant), Optional::isPresent)
                .orElseThrow();
    }
}
