package dev.atrium.portal.playground;

import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.TensorSpec;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A tensor request that fits a signature: every variable dimension is 1, every value neutral. */
final class TensorTemplate {
    /** More numbers than this make a text that nobody edits. */
    private static final long MOST_VALUES = 20_000;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private TensorTemplate() {}

    static String of(Signature signature) {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode inputs = body.putArray("inputs");
        List<TensorSpec> specs =
                signature.inputs().isEmpty()
                        ? List.of(new TensorSpec("input", "FP32", List.of(1L, 4L)))
                        : signature.inputs();
        for (TensorSpec spec : specs) {
            addInput(inputs.addObject(), spec);
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(body);
    }

    private static void addInput(ObjectNode input, TensorSpec spec) {
        input.put("name", spec.name());
        input.put("datatype", spec.datatype());
        ArrayNode shape = input.putArray("shape");
        long values = 1;
        for (long size : spec.shape()) {
            long concrete = size < 0 ? 1 : size;
            shape.add(concrete);
            values *= concrete;
        }
        ArrayNode data = input.putArray("data");
        for (long i = 0; i < Math.min(values, MOST_VALUES); i++) {
            addValue(data, spec.datatype());
        }
    }

    private static void addValue(ArrayNode data, String datatype) {
        switch (datatype) {
            case "BYTES" -> data.add("text");
            case "BOOL" -> data.add(false);
            case "FP16", "FP32", "FP64", "BF16" -> data.add(0.5);
            default -> data.add(1);
        }
    }
}
