package dev.atrium.node.engine.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.registry.api.catalog.TensorSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** ONNX element types in the words of the Open Inference Protocol. */
final class OnnxTypes {
    private OnnxTypes() {}

    static Datatype datatype(TensorInfo info) {
        return switch (info.onnxType) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> Datatype.BOOL;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> Datatype.UINT8;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> Datatype.UINT16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> Datatype.UINT32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> Datatype.UINT64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> Datatype.INT8;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> Datatype.INT16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> Datatype.INT32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> Datatype.INT64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> Datatype.FP16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> Datatype.BF16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> Datatype.FP32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> Datatype.FP64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> Datatype.BYTES;
            default ->
                    throw EngineException.failed(
                            "element type " + info.onnxType + " is not supported", null);
        };
    }

    /** The binding's own word for a type, where it can make tensors of it. */
    static OnnxJavaType javaType(String input, Datatype datatype) {
        return switch (datatype) {
            case BOOL -> OnnxJavaType.BOOL;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT8 -> OnnxJavaType.INT8;
            case INT16 -> OnnxJavaType.INT16;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case FP16 -> OnnxJavaType.FLOAT16;
            case BF16 -> OnnxJavaType.BFLOAT16;
            case FP32 -> OnnxJavaType.FLOAT;
            case FP64 -> OnnxJavaType.DOUBLE;
            case BYTES -> OnnxJavaType.STRING;
            case UINT16, UINT32, UINT64 ->
                    throw EngineException.failed(
                            "input '"
                                    + input
                                    + "' is "
                                    + datatype
                                    + ", which ONNX Runtime's Java binding cannot feed; cast"
                                    + " inside the model from INT32 or INT64",
                            null);
        };
    }

    static List<TensorSpec> inputs(Collection<NodeInfo> nodes) {
        List<TensorSpec> specs = new ArrayList<>();
        for (NodeInfo node : nodes) {
            if (!(node.getInfo() instanceof TensorInfo info)) {
                throw EngineException.failed(
                        "input '" + node.getName() + "' is no tensor; only tensors can be sent",
                        null);
            }
            javaType(node.getName(), datatype(info));
            specs.add(spec(node.getName(), info));
        }
        return specs;
    }

    /** Outputs that are no tensors (maps and sequences of classic learners) stay unseen. */
    static List<TensorSpec> outputs(Collection<NodeInfo> nodes) {
        List<TensorSpec> specs = new ArrayList<>();
        for (NodeInfo node : nodes) {
            if (node.getInfo() instanceof TensorInfo info) {
                specs.add(spec(node.getName(), info));
            }
        }
        if (specs.isEmpty()) {
            throw EngineException.failed("the model has no output that is a tensor", null);
        }
        return specs;
    }

    private static TensorSpec spec(String name, TensorInfo info) {
        List<Long> shape = new ArrayList<>();
        for (long dimension : info.getShape()) {
            shape.add(dimension < 0 ? -1 : dimension);
        }
        return new TensorSpec(name, datatype(info).name(), shape);
    }
}
