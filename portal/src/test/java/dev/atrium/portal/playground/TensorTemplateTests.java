package dev.atrium.portal.playground;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.TensorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TensorTemplateTests {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void fitsTheSignature() {
        JsonNode input = template(new TensorSpec("image", "FP32", List.of(-1L, 1L, 28L, 28L)));

        assertThat(input.get("name").asString()).isEqualTo("image");
        assertThat(input.get("shape").toString()).isEqualTo("[1,1,28,28]");
        assertThat(input.get("data")).hasSize(784);
    }

    @Test
    void writesValuesOfTheRightKind() {
        assertThat(data("BYTES").get(0).isString()).isTrue();
        assertThat(data("BOOL").get(0).isBoolean()).isTrue();
        assertThat(data("INT64").get(0).isIntegralNumber()).isTrue();
        assertThat(data("FP32").get(0).isFloatingPointNumber()).isTrue();
    }

    @Test
    void doesNotFillThePageWithAHugeTensor() {
        assertThat(template(new TensorSpec("x", "FP32", List.of(1L, 3L, 1024L, 1024L))).get("data"))
                .hasSizeLessThanOrEqualTo(20_000);
    }

    @Test
    void offersSomethingToEditWhenTheFormatDoesNotSay() {
        JsonNode body = JSON.readTree(TensorTemplate.of(Signature.UNKNOWN));

        assertThat(body.get("inputs")).hasSize(1);
    }

    private static JsonNode data(String datatype) {
        return template(new TensorSpec("x", datatype, List.of(1L))).get("data");
    }

    private static JsonNode template(TensorSpec spec) {
        return JSON.readTree(TensorTemplate.of(new Signature(List.of(spec), List.of())))
                .get("inputs")
                .get(0);
    }
}
