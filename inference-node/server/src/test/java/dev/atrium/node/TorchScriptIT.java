package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.node.PlacementOrder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Tensors through a TorchScript module. */
class TorchScriptIT {
    private static final RunningNode NODE = RunningNode.shared();
    private static final JsonNode AVERAGE = TestModels.expected("moving-average.pt");
    private static PlacementOrder average;

    @BeforeAll
    static void deploy() {
        average =
                NODE.deploy(
                        Framework.TORCHSCRIPT, "model.pt", TestModels.demo("moving-average.pt"));
    }

    @Test
    void answersWithTheNumbersOfTheScriptThatMadeIt() {
        var response = NODE.infer(average, Oip.request("1", AVERAGE.get("inputs")));

        Oip.assertOutputs(Oip.ok(response), AVERAGE.get("outputs"), 1e-5);
    }

    @Test
    void namesOutputsByNumberWhereNothingElseNamesThem() {
        var response = NODE.infer(average, Oip.request("1", AVERAGE.get("inputs")));

        assertThat(Oip.ok(response).get("outputs").get(0).get("name").asString())
                .isEqualTo("output0");
    }

    @Test
    void saysThatTheModelFailedWithoutNamingItsInsides() {
        var response =
                NODE.infer(
                        average,
                        """
                        {"inputs":[{"name":"series","datatype":"FP32","shape":[2],"data":[1,2]}]}
                        """);

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(Oip.read(response).get("code").asString()).isEqualTo("model_failed");
        assertThat(response.body()).doesNotContain("dev.atrium").doesNotContain("torch");
    }
}
