package dev.atrium.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.catalog.WarmUpFile;
import dev.atrium.registry.api.node.PlacementOrder;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies that are warmed up with their owner's own calls. */
class WarmUpCallsIT {
    private static final RunningNode NODE = RunningNode.shared();
    private static final String IRIS =
            Oip.request("1", TestModels.expected("iris.onnx").get("inputs"));

    @Test
    void allGivenCallsAreMadeBeforeAnyOther() {
        PlacementOrder iris = iris("[" + IRIS + "," + IRIS + "," + IRIS + "]");

        NODE.awaitReady(iris);

        assertThat(calls(iris)).isEqualTo(3);
        assertThat(NODE.infer(iris, IRIS).statusCode()).isEqualTo(200);
        assertThat(NODE.registry().usage())
                .as("nobody pays for them")
                .filteredOn(usage -> usage.versionId().equals(iris.versionId()))
                .hasSizeLessThanOrEqualTo(1);
        NODE.registry().remove(iris);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`{\"inputs\":[]}`|call 2 of warm-up.json fails: input 'features' is missing",
                "`{\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[1,3],"
                        + "\"data\":[1,2,3]}]}`|call 2 of warm-up.json fails: ",
                "`{\"messages\":[]}`|call 2 of warm-up.json fails: 'inputs' is missing",
                "`3`|call 2 of warm-up.json fails: the body must be a JSON object",
                "`{`|warm-up.json is no valid JSON"
            })
    void oneThatFailsIsTheReasonOfACopyThatFailed(String call, String reason) {
        PlacementOrder iris = iris("[" + IRIS + "," + call + "]");

        assertThat(NODE.awaitFailed(iris).reason()).startsWith(reason);

        NODE.registry().remove(iris);
    }

    @Test
    void moreThanThereMayBeAreRefused() {
        PlacementOrder many = iris("[" + (IRIS + ",").repeat(WarmUpFile.MAX_CALLS) + IRIS + "]");
        PlacementOrder none = iris("[]");

        assertThat(NODE.awaitFailed(many).reason()).contains("is no list of calls");
        assertThat(NODE.awaitFailed(none).reason()).contains("is no list of calls");

        List.of(many, none).forEach(NODE.registry()::remove);
    }

    @Test
    void everyTaskHasItsOwn() {
        String picture = Base64.getEncoder().encodeToString(TestModels.read("tasks/rgb.png"));
        PlacementOrder image =
                place(
                        Framework.ONNX,
                        Task.IMAGE_CLASSIFICATION,
                        "[{\"contentType\":\"image/png\",\"base64\":\"" + picture + "\"}]",
                        NODE.registry().store("model.onnx", TestModels.read("tasks/image.onnx")));
        PlacementOrder text =
                place(
                        Framework.ONNX,
                        Task.TEXT_CLASSIFICATION,
                        "[{\"text\":\"hello\"}]",
                        NODE.registry().store("model.onnx", TestModels.read("tasks/text.onnx")),
                        NODE.registry()
                                .store(
                                        "tokenizer.json",
                                        TestModels.read("tiny-embedding/tokenizer.json")));
        PlacementOrder chat =
                place(
                        Framework.GGUF,
                        Task.TEXT_GENERATION,
                        "[{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}]",
                        NODE.registry().store("model.gguf", TestModels.demo("tiny-chat.gguf")));

        for (PlacementOrder order : List.of(image, text, chat)) {
            NODE.awaitReady(order);
            assertThat(calls(order)).as(order.task().name()).isEqualTo(1);
            NODE.registry().remove(order);
        }
    }

    @Test
    void aPictureThatIsNoneFails() {
        PlacementOrder image =
                place(
                        Framework.ONNX,
                        Task.IMAGE_CLASSIFICATION,
                        "[{\"contentType\":\"image/png\",\"base64\":\"AAAA\"}]",
                        NODE.registry().store("model.onnx", TestModels.read("tasks/image.onnx")));

        assertThat(NODE.awaitFailed(image).reason()).startsWith("call 1 of warm-up.json fails: ");

        NODE.registry().remove(image);
    }

    private static double calls(PlacementOrder order) {
        return NODE.bean(MeterRegistry.class)
                .get("atrium.node.batch.calls")
                .tag("model", order.model().toString())
                .summary()
                .totalAmount();
    }

    private static PlacementOrder iris(String calls) {
        return place(
                Framework.ONNX,
                Task.TENSORS,
                calls,
                NODE.registry().store("model.onnx", TestModels.demo("iris.onnx")));
    }

    private static PlacementOrder place(
            Framework framework, Task task, String calls, ModelFile... files) {
        List<ModelFile> all = new java.util.ArrayList<>(List.of(files));
        all.add(NODE.registry().store(WarmUpFile.NAME, calls.getBytes(UTF_8)));
        return NODE.registry().place(framework, task, VersionSettings.DEFAULT, all);
    }
}
