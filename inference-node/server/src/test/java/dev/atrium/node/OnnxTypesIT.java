package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TinyOnnx;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.node.PlacementOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every element type there and back, bit for bit. */
class OnnxTypesIT {
    private static final RunningNode NODE = RunningNode.shared();
    private static final Map<Integer, PlacementOrder> IDENTITIES = new HashMap<>();

    /** All at once, because each waits for a heartbeat. */
    @BeforeAll
    static void place() {
        types().map(arguments -> (Integer) arguments.get()[0])
                .forEach(type -> IDENTITIES.put(type, place(TinyOnnx.identity(type))));
        IDENTITIES.values().forEach(NODE::awaitReady);
    }

    @AfterAll
    static void remove() {
        IDENTITIES.values().forEach(NODE.registry()::remove);
    }

    static Stream<Arguments> types() {
        return Stream.of(
                Arguments.of(TinyOnnx.BOOL, "BOOL", "[true,false,true]"),
                Arguments.of(TinyOnnx.UINT8, "UINT8", "[0,255,7]"),
                Arguments.of(TinyOnnx.INT8, "INT8", "[-128,127,0]"),
                Arguments.of(TinyOnnx.INT16, "INT16", "[-32768,32767,-1]"),
                Arguments.of(TinyOnnx.INT32, "INT32", "[-2147483648,2147483647,-1]"),
                Arguments.of(
                        TinyOnnx.INT64,
                        "INT64",
                        "[-9223372036854775808,9223372036854775807,9007199254740993]"),
                Arguments.of(TinyOnnx.FLOAT, "FP32", "[1.1754944E-38,3.4028235E38,-0.1]"),
                Arguments.of(TinyOnnx.DOUBLE, "FP64", "[4.9E-324,1.7976931348623157E308,-0.1]"),
                Arguments.of(TinyOnnx.STRING, "BYTES", "[\"\",\"Größe 😀\",\"a\\u0000\\\"b\"]"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("types")
    void giveBackWhatTheyGot(int type, String datatype, String data) {
        PlacementOrder order = IDENTITIES.get(type);

        var response =
                NODE.infer(
                        order,
                        """
                        {"inputs":[{"name":"x","datatype":"%s","shape":[3],"data":%s}]}
                        """
                                .formatted(datatype, data));

        JsonNode output = Oip.ok(response).get("outputs").get(0);
        assertThat(output.get("datatype").asString()).isEqualTo(datatype);
        assertThat(output.get("data").toString()).isEqualTo(data);
    }

    @Test
    void numbersThatAreNoneBecomeTextAndLeaveTheAnswerValidJson() {
        PlacementOrder order = deploy(TinyOnnx.division());

        var response =
                NODE.infer(
                        order,
                        """
                        {"inputs":[
                          {"name":"x","datatype":"FP32","shape":[4],"data":[1,-1,0,6]},
                          {"name":"z","datatype":"FP32","shape":[4],"data":[0,0,0,2]}]}
                        """);

        assertThat(Oip.ok(response).get("outputs").get(0).get("data").toString())
                .isEqualTo("[\"Infinity\",\"-Infinity\",\"NaN\",3.0]");
    }

    @Test
    void halfPrecisionOutputsAreWrittenAsNumbers() {
        PlacementOrder order = deploy(TinyOnnx.toHalf());

        var response =
                NODE.infer(
                        order,
                        """
                        {"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[0.5,-65504]}]}
                        """);

        JsonNode output = Oip.ok(response).get("outputs").get(0);
        assertThat(output.get("datatype").asString()).isEqualTo("FP16");
        assertThat(output.get("data").toString()).isEqualTo("[0.5,-65504.0]");
    }

    @Test
    void emptyTensorsAreTensorsToo() {
        PlacementOrder order = IDENTITIES.get(TinyOnnx.FLOAT);

        var response =
                NODE.infer(
                        order,
                        """
                        {"inputs":[{"name":"x","datatype":"FP32","shape":[0],"data":[]}]}
                        """);

        assertThat(Oip.ok(response).get("outputs").get(0).get("shape").toString()).isEqualTo("[0]");
    }

    @Test
    void typesThatTheBindingCannotFeedAreRefusedWhenLoading() {
        PlacementOrder order = place(TinyOnnx.identity(TinyOnnx.UINT16));

        assertThat(NODE.awaitFailed(order).reason()).contains("UINT16").contains("cast");
        NODE.registry().remove(order);
    }

    private static PlacementOrder deploy(byte[] model) {
        PlacementOrder order = place(model);
        NODE.awaitReady(order);
        return order;
    }

    /** The platform's, so that all of them share one process. */
    private static PlacementOrder place(byte[] model) {
        return NODE.registry()
                .place(
                        Framework.ONNX,
                        Task.TENSORS,
                        Signature.UNKNOWN,
                        VersionSettings.DEFAULT,
                        true,
                        List.of(NODE.registry().store("model.onnx", model)));
    }
}
