package dev.atrium.standalone.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The small models that come with Atrium, and what they must answer. */
public final class Samples {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final double TOLERANCE = 1e-4;

    private Samples() {}

    public static byte[] file(String name) {
        try (InputStream in = Samples.class.getResourceAsStream("/demo/" + name)) {
            if (in == null) {
                throw new IllegalStateException("this build has no demo file " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read demo file " + name, e);
        }
    }

    /** The model's sample input as {@code inputs} of the Open Inference Protocol. */
    public static JsonNode inputs(String file) {
        ArrayNode inputs = JSON.createArrayNode();
        expected(file)
                .get("inputs")
                .properties()
                .forEach(tensor ->
                        inputs.addObject()
                                .put("name", tensor.getKey())
                                .put("datatype", "FP32")
                                .<ObjectNode>set("shape", tensor.getValue().get("shape"))
                                .set("data", tensor.getValue().get("data")));
        return inputs;
    }

    /** Largest difference between an answer's first output and what the model must answer. */
    public static double difference(String file, JsonNode answer) {
        JsonNode expected = expected(file).get("outputs").properties().iterator().next().getValue();
        JsonNode seen = answer.path("outputs").path(0).path("data");
        if (seen.size() != expected.get("data").size()) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = 0;
        for (int i = 0; i < seen.size(); i++) {
            double difference = seen.get(i).asDouble() - expected.get("data").get(i).asDouble();
            largest = Math.max(largest, Math.abs(difference));
        }
        return largest;
    }

    public static boolean isClose(double difference) {
        return difference <= TOLERANCE;
    }

    private static JsonNode expected(String file) {
        return JSON.readTree(file("expected.json")).get(file);
    }
}
