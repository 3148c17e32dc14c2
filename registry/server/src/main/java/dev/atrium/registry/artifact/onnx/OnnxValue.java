package dev.atrium.registry.artifact.onnx;

import dev.atrium.registry.api.catalog.TensorSpec;
import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code ValueInfoProto}: an input or output of a graph.
 *
 * @param elementType of a tensor; null when the value is something else
 * @param shape -1 where a dimension is symbolic; null when the file does not give one
 */
record OnnxValue(String name, @Nullable Integer elementType, @Nullable List<Long> shape) {
    private static final int MAX_NAME_BYTES = 512;
    private static final int MAX_RANK = 32;

    static OnnxValue read(ProtobufMessage value) {
        String name = "";
        OnnxValue typed = new OnnxValue("", null, null);
        while (value.next()) {
            if (value.field() == 1) {
                name = value.text(MAX_NAME_BYTES);
            } else if (value.field() == 2) {
                typed = type(value.message());
            }
        }
        return new OnnxValue(name, typed.elementType(), typed.shape());
    }

    private static OnnxValue type(ProtobufMessage type) {
        OnnxValue result = new OnnxValue("", null, null);
        while (type.next()) {
            if (type.field() == 1) {
                result = tensor(type.message());
            }
        }
        return result;
    }

    private static OnnxValue tensor(ProtobufMessage tensor) {
        Integer elementType = null;
        List<Long> shape = null;
        while (tensor.next()) {
            if (tensor.field() == 1) {
                elementType = (int) tensor.number();
            } else if (tensor.field() == 2) {
                shape = shape(tensor.message());
            }
        }
        return new OnnxValue("", elementType, shape);
    }

    private static List<Long> shape(ProtobufMessage shape) {
        List<Long> dimensions = new ArrayList<>();
        while (shape.next()) {
            if (shape.field() != 1) {
                continue;
            }
            dimensions.add(dimension(shape.message()));
            if (dimensions.size() > MAX_RANK) {
                throw new ArtifactRejectedException(
                        "the ONNX graph has a tensor of more than " + MAX_RANK + " dimensions");
            }
        }
        return dimensions;
    }

    private static long dimension(ProtobufMessage dimension) {
        long size = -1;
        while (dimension.next()) {
            if (dimension.field() == 1) {
                // Exporters write 0 or a negative number for a dimension that they do not know.
                size = dimension.number() > 0 ? dimension.number() : -1;
            }
        }
        return size;
    }

    /** As callers see it; rejects what cannot travel as a tensor. */
    TensorSpec toSpec(String kind) {
        if (name.isEmpty()) {
            throw new ArtifactRejectedException(
                    "the ONNX graph has an " + kind + " without a name");
        }
        if (elementType == null) {
            throw new ArtifactRejectedException(
                    kind
                            + " '"
                            + name
                            + "' of the ONNX graph is no tensor; only tensors can be served (for"
                            + " scikit-learn classifiers export with options={'zipmap': False})");
        }
        if (shape == null && kind.equals("input")) {
            throw new ArtifactRejectedException(
                    "input '" + name + "' of the ONNX graph has no shape; export it with one");
        }
        // An output without a shape has at least a batch dimension in every exporter seen.
        return new TensorSpec(name, datatype(kind), shape == null ? List.of(-1L) : shape);
    }

    private String datatype(String kind) {
        return switch (elementType == null ? 0 : elementType) {
            case 1 -> "FP32";
            case 2 -> "UINT8";
            case 3 -> "INT8";
            case 4 -> "UINT16";
            case 5 -> "INT16";
            case 6 -> "INT32";
            case 7 -> "INT64";
            case 8 -> "BYTES";
            case 9 -> "BOOL";
            case 10 -> "FP16";
            case 11 -> "FP64";
            case 12 -> "UINT32";
            case 13 -> "UINT64";
            case 16 -> "BF16";
            default ->
                    throw new ArtifactRejectedException(
                            kind
                                    + " '"
                                    + name
                                    + "' of the ONNX graph has an element type (number "
                                    + elementType
                                    + ") that the Open Inference Protocol does not have");
        };
    }
}
