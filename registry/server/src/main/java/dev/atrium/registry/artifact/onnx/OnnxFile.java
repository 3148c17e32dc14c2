package dev.atrium.registry.artifact.onnx;

import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.TensorSpec;
import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import dev.atrium.registry.artifact.format.FileBytes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The look at an ONNX file as a whole: a {@code ModelProto} of the onnx.proto of ONNX 1.19. */
public final class OnnxFile {
    private static final int MAX_IR_VERSION = 20;
    private static final int MAX_FUNCTIONS = 10_000;

    /** Fields of ModelProto; anything else at this level is another format or added bytes. */
    private static final Set<Integer> KNOWN = Set.of(1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26);

    private final FileBytes file;
    private final OnnxNodes nodes;
    private final Set<Integer> seen = new HashSet<>();
    private @Nullable OnnxGraph graph;

    private OnnxFile(FileBytes file) {
        this.file = file;
        this.nodes = OnnxNodes.ofMainGraph();
    }

    /** The signature of the model; rejects whatever the product does not run. */
    public static Signature inspect(FileBytes file) {
        OnnxFile onnx = new OnnxFile(file);
        onnx.walk();
        return onnx.signature();
    }

    private void walk() {
        ProtobufMessage model = ProtobufMessage.whole(file);
        int functions = 0;
        while (model.next()) {
            requireKnown(model.field());
            seen.add(model.field());
            switch (model.field()) {
                case 1 -> requireIrVersion(model.number());
                case 7 -> readGraph(model.message());
                case 20 ->
                        throw new ArtifactRejectedException(
                                "the ONNX file carries training information; export it for"
                                        + " inference");
                case 25 -> {
                    if (++functions > MAX_FUNCTIONS) {
                        throw new ArtifactRejectedException("the ONNX file has too many functions");
                    }
                    OnnxFunction.read(model.message(), nodes);
                }
                default -> {
                    // Names, versions and documentation carry no risk and are not kept.
                }
            }
        }
        nodes.requireRunnable();
    }

    private void readGraph(ProtobufMessage message) {
        if (graph != null) {
            throw new ArtifactRejectedException("the ONNX file has more than one main graph");
        }
        graph = OnnxGraph.read(message, nodes, 0);
    }

    private void requireKnown(int field) {
        if (!KNOWN.contains(field)) {
            throw new ArtifactRejectedException(
                    "this is no ONNX file, or bytes were added to it: field "
                            + field
                            + " does not exist in an ONNX model");
        }
    }

    private static void requireIrVersion(long version) {
        if (version < 1 || version > MAX_IR_VERSION) {
            throw new ArtifactRejectedException(
                    "the ONNX file claims the IR version " + Long.toUnsignedString(version));
        }
    }

    private Signature signature() {
        if (graph == null || !seen.contains(1) || !seen.contains(8)) {
            throw new ArtifactRejectedException(
                    seen.size() <= 2 && seen.contains(2)
                            ? "this protobuf file has no ONNX graph; a TensorFlow model is converted"
                                    + " with python -m tf2onnx.convert"
                            : "the ONNX file is incomplete: it needs an IR version, an operator set"
                                    + " and a graph");
        }
        List<TensorSpec> inputs = specs("input", graph.inputs());
        List<TensorSpec> outputs = specs("output", graph.outputs());
        if (inputs.isEmpty() || outputs.isEmpty()) {
            throw new ArtifactRejectedException("the ONNX graph has no inputs or no outputs");
        }
        return new Signature(inputs, outputs);
    }

    private static List<TensorSpec> specs(String kind, List<OnnxValue> values) {
        List<TensorSpec> specs = new ArrayList<>(values.size());
        Set<String> names = new HashSet<>();
        for (OnnxValue value : values) {
            if (!names.add(value.name())) {
                throw new ArtifactRejectedException(
                        "the ONNX graph has the " + kind + " '" + value.name() + "' twice");
            }
            specs.add(value.toSpec(kind));
        }
        return specs;
    }
}
