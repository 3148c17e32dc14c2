package dev.atrium.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.model.Replicas;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.node.PlacementOrder;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What calls are told beside what the kernel says that their process used. */
class EnergyMeterIT {
    private static final RunningNode NODE = RunningNode.shared();
    private static final int CALLS = 60;
    private static final double ROUNDING = 1e-6;

    @Test
    void callsAtTheSameTimeTakeTogetherWhatTheirProcessTookAndNoMore() {
        PlacementOrder order =
                NODE.deploy(Framework.ONNX, "model.onnx", TestModels.demo("fashion-mnist.onnx"));
        String body = Oip.request("1", TestModels.expected("fashion-mnist.onnx").get("inputs"));
        long pid =
                NODE.bean(Replicas.class)
                        .find(order.versionId())
                        .flatMap(replica -> replica.serving())
                        .map(HostedModel::pid)
                        .orElseThrow();
        long before = ProcessCpu.nanos(pid);

        List<Future<Double>> calls;
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            calls =
                    IntStream.range(0, CALLS)
                            .mapToObj(i -> threads.submit(() -> joules(NODE.infer(order, body))))
                            .toList();
        }
        double told = calls.stream().mapToDouble(Future::resultNow).sum();

        double used = 7 * (ProcessCpu.nanos(pid) - before) / 1e9;
        assertThat(told).isBetween(used / 2, used + CALLS * ROUNDING);
        NODE.registry().remove(order);
    }

    private static double joules(HttpResponse<String> answer) {
        return JsonMapper.shared()
                        .readValue(
                                answer.headers()
                                        .firstValue(NodeProtocol.USAGE_HEADER)
                                        .orElseThrow(),
                                NodeUsage.class)
                        .energy()
                        .microjoules()
                / 1e6;
    }
}
