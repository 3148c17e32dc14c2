package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.Operation;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tensors through an ONNX model, from the node's port to the worker and back. */
class OnnxInferenceIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String IRIS_ROWS =
            """
            {"id": "42", "inputs": [{"name": "features", "datatype": "FP32", "shape": [3, 4],
             "data": [5.1, 3.5, 1.4, 0.2, 5.0, 2.0, 3.5, 1.0, 6.7, 3.1, 5.6, 2.4]}]}
            """;

    private static final RunningNode NODE = RunningNode.shared();
    private static PlacementOrder iris;

    @BeforeAll
    static void deploy() {
        iris = NODE.deploy(Framework.ONNX, "model.onnx", TestModels.read("iris.onnx"));
    }

    @Test
    void answersWithTheNumbersTheModelWasTrainedTo() {
        var response = NODE.infer(iris, IRIS_ROWS);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode body = JSON.readTree(response.body());
        assertThat(body.get("id").asString()).isEqualTo("42");
        assertThat(body.get("model_name").asString()).isEqualTo(iris.model().toString());
        assertThat(body.get("model_version").asString()).isEqualTo("3");
        JsonNode output = body.get("outputs").get(0);
        assertThat(output.get("name").asString()).isEqualTo("probabilities");
        assertThat(output.get("shape").toString()).isEqualTo("[3,3]");
        double[] expected = {
            0.995112, 0.004888, 0.0, 0.012626, 0.984132, 0.003243, 0.0, 0.002841, 0.997159
        };
        for (int i = 0; i < expected.length; i++) {
            assertThat(output.get("data").get(i).asDouble())
                    .isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-5));
        }
    }

    @Test
    void journalsAndShipsWhatACallUsed() {
        Grant grant = NODE.registry().grant(iris, Operation.INFER);

        var response = NODE.send(NodeProtocol.INFER, grant, IRIS_ROWS);

        assertThat(response.headers().firstValue(NodeProtocol.USAGE_HEADER)).isPresent();
        NodeUsageRecord shipped =
                await().until(() -> NODE.registry().usageOf(grant), Optional::isPresent)
                        .orElseThrow();
        assertThat(shipped.outcome()).isEqualTo("OK");
        assertThat(shipped.computeMicros()).isPositive();
        assertThat(shipped.versionId()).isEqualTo(iris.versionId());
        assertThat(shipped.finishedAt()).isAfterOrEqualTo(shipped.startedAt());
    }
}
