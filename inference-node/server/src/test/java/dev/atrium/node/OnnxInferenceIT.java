package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.TensorSpec;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.EnergyMethod;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.Operation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tensors through an ONNX model, from the node's port to the worker and back. */
class OnnxInferenceIT {
    private static final RunningNode NODE = RunningNode.shared();
    private static final JsonNode IRIS = TestModels.expected("iris.onnx");
    private static PlacementOrder iris;

    @BeforeAll
    static void deploy() {
        iris = NODE.deploy(Framework.ONNX, "model.onnx", TestModels.demo("iris.onnx"));
    }

    @Test
    void answersWithTheNumbersOfTheTrainingScript() {
        var response = NODE.infer(iris, Oip.request("42", IRIS.get("inputs")));

        JsonNode body = Oip.ok(response);
        assertThat(body.get("id").asString()).isEqualTo("42");
        assertThat(body.get("model_name").asString()).isEqualTo(iris.model().toString());
        assertThat(body.get("model_version").asString()).isEqualTo("3");
        Oip.assertOutputs(body, IRIS.get("outputs"), 1e-5);
    }

    @Test
    void answersAConvolutionalClassifierWithTheNumbersOfTheTrainingScript() {
        PlacementOrder fashion =
                NODE.deploy(Framework.ONNX, "model.onnx", TestModels.demo("fashion-mnist.onnx"));
        JsonNode expected = TestModels.expected("fashion-mnist.onnx");

        var response = NODE.infer(fashion, Oip.request("1", expected.get("inputs")));

        Oip.assertOutputs(Oip.ok(response), expected.get("outputs"), 1e-4);
        assertThat(NODE.registry().report(fashion).orElseThrow().residentBytes())
                .isBetween(30L << 20, 250L << 20);
    }

    @Test
    void reportsTheSignatureThatTheEngineSees() {
        var signature = NODE.registry().report(iris).orElseThrow().signature();

        assertThat(signature.inputs())
                .containsExactly(new TensorSpec("features", "FP32", List.of(-1L, 4L)));
        assertThat(signature.outputs()).extracting(TensorSpec::name).containsOnly("probabilities");
    }

    @Test
    void journalsAndShipsWhatACallUsed() {
        Grant grant = NODE.registry().grant(iris, Operation.INFER);

        var response = NODE.send(NodeProtocol.INFER, grant, Oip.request("1", IRIS.get("inputs")));

        NodeUsage said =
                response.headers()
                        .firstValue(NodeProtocol.USAGE_HEADER)
                        .map(text -> JsonMapper.shared().readValue(text, NodeUsage.class))
                        .orElseThrow();
        NodeUsageRecord shipped =
                await().until(() -> NODE.registry().usageOf(grant), Optional::isPresent)
                        .orElseThrow();
        assertThat(shipped.outcome()).isEqualTo("OK");
        assertThat(shipped.computeMicros()).isPositive();
        assertThat(said.energy()).isNotNull().isEqualTo(shipped.energy());
        assertThat(said.energy().method()).isEqualTo(EnergyMethod.MODELLED);
        assertThat(said.energy().carbonNanograms()).isPositive();
        assertThat(shipped.versionId()).isEqualTo(iris.versionId());
        assertThat(shipped.finishedAt()).isAfterOrEqualTo(shipped.startedAt());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {"inputs":                                                                  | no valid JSON
                    []                                                                          | must be a JSON object
                    {}                                                                          | 'inputs' is missing
                    {"inputs":[]}                                                               | 'features' is missing
                    {"inputs":[{"name":"x","datatype":"FP32","shape":[1,4],"data":[1,2,3,4]}]}  | 'features' is missing
                    {"inputs":[{"name":"features","datatype":"FP64","shape":[1,4],"data":[1,2,3,4]}]} | must be FP32, but is FP64
                    {"inputs":[{"name":"features","datatype":"FP16","shape":[1,4],"data":[1,2,3,4]}]} | must be FP32, but is FP16
                    {"inputs":[{"name":"features","datatype":"FLOAT","shape":[1,4],"data":[1,2,3,4]}]} | unknown datatype 'FLOAT'
                    {"inputs":[{"name":"features","datatype":"FP32","shape":[1,5],"data":[1,2,3,4,5]}]} | must have the shape [-1, 4]
                    {"inputs":[{"name":"features","datatype":"FP32","shape":[4],"data":[1,2,3,4]}]} | must have the shape [-1, 4]
                    {"inputs":[{"name":"features","datatype":"FP32","shape":[1,4],"data":[1,2,3]}]} | asks for 4 elements, but its data holds 3
                    {"inputs":[{"name":"features","datatype":"FP32","shape":[1,4],"data":[1,2,3,NaN]}]} | no valid JSON
                    {"inputs":[{"name":"features","datatype":"FP32","shape":[1,4],"data":[1,2,3,"4"]}]} | element 3 must be a number
                    {"inputs":[{"name":"features","datatype":"FP32","shape":[1,4],"data":[1,2,3,4]}],"outputs":[{"name":"y"}]} | output 'y' is unknown
                    """)
    void refusesInputThatDoesNotFitNamingWhatIsWrong(String body, String words) {
        Grant grant = NODE.registry().grant(iris, Operation.INFER);

        var response = NODE.send(NodeProtocol.INFER, grant, body);

        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode error = Oip.read(response);
        assertThat(error.get("code").asString()).isEqualTo("invalid_input");
        assertThat(error.get("error").asString()).contains(words);
        assertThat(NODE.registry().usageOf(grant)).isEmpty();
    }
}
