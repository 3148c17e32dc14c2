package dev.atrium.registry.artifact.onnx;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A {@code GraphProto}: the main one or one inside an attribute of a node.
 *
 * @param inputs what the caller gives; initializers that older files also list are left out
 */
record OnnxGraph(List<OnnxValue> inputs, List<OnnxValue> outputs) {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_VALUES = 50_000;

    static OnnxGraph read(ProtobufMessage graph, OnnxNodes nodes, int depth) {
        if (depth > MAX_DEPTH) {
            throw new ArtifactRejectedException(
                    "the ONNX file nests graphs more than " + MAX_DEPTH + " deep");
        }
        List<OnnxValue> inputs = new ArrayList<>();
        List<OnnxValue> outputs = new ArrayList<>();
        Set<String> initializers = new HashSet<>();
        while (graph.next()) {
            switch (graph.field()) {
                case 1 -> OnnxNode.read(graph.message(), nodes, depth);
                case 5 -> keep(depth, initializers, OnnxTensor.read(graph.message()));
                case 15 -> keep(depth, initializers, OnnxTensor.readSparse(graph.message()));
                case 11 -> keep(depth, inputs, OnnxValue.read(graph.message()));
                case 12 -> keep(depth, outputs, OnnxValue.read(graph.message()));
                default -> {
                    // Names, documentation, intermediate shapes and quantisation notes.
                }
            }
            if (inputs.size() + outputs.size() + initializers.size() > MAX_VALUES) {
                throw new ArtifactRejectedException(
                        "the ONNX graph has more inputs, outputs and initializers than "
                                + MAX_VALUES);
            }
        }
        inputs.removeIf(input -> initializers.contains(input.name()));
        return new OnnxGraph(inputs, outputs);
    }

    /** Values of inner graphs are examined like all others, but nobody asks for them later. */
    private static <T> void keep(int depth, Collection<T> values, T value) {
        if (depth == 0) {
            values.add(value);
        }
    }
}
