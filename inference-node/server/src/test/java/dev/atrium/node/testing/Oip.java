package dev.atrium.node.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests and answers of the Open Inference Protocol. */
public final class Oip {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Oip() {}

    /**
     * @param inputs FP32 tensors by name: {@code {"x": {"shape": [..], "data": [..]}}}
     */
    public static String request(String id, JsonNode inputs) {
        List<Map<String, Object>> tensors = new ArrayList<>();
        inputs.properties()
                .forEach(input ->
                        tensors.add(
                                Map.of(
                                        "name",
                                        input.getKey(),
                                        "datatype",
                                        "FP32",
                                        "shape",
                                        input.getValue().get("shape"),
                                        "data",
                                        input.getValue().get("data"))));
        return JSON.writeValueAsString(Map.of("id", id, "inputs", tensors));
    }

    public static JsonNode read(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    public static JsonNode ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return read(response);
    }

    public static void assertOutputs(JsonNode answer, JsonNode expected, double tolerance) {
        int index = 0;
        for (var output : expected.properties()) {
            JsonNode given = answer.get("outputs").get(index++);
            assertThat(given.get("shape")).isEqualTo(output.getValue().get("shape"));
            List<Double> numbers = TestModels.numbers(given.get("data"));
            List<Double> wanted = TestModels.numbers(output.getValue().get("data"));
            assertThat(numbers).hasSameSizeAs(wanted);
            for (int i = 0; i < numbers.size(); i++) {
                assertThat(numbers.get(i)).isCloseTo(wanted.get(i), Offset.offset(tolerance));
            }
        }
        assertThat(answer.get("outputs").size()).isEqualTo(index);
    }
}
