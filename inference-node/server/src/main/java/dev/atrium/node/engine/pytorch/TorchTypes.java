package dev.atrium.node.engine.pytorch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import java.util.List;

/** DJL's element types in the words of the Open Inference Protocol. */
final class TorchTypes {
    private static final List<DataType> PROBED =
            List.of(
                    DataType.FLOAT32,
                    DataType.FLOAT64,
                    DataType.UINT8,
                    DataType.INT8,
                    DataType.INT32,
                    DataType.INT64,
                    DataType.BOOLEAN);

    private TorchTypes() {}

    static DataType of(String input, Datatype datatype) {
        return switch (datatype) {
            case BOOL -> DataType.BOOLEAN;
            case UINT8 -> DataType.UINT8;
            case INT8 -> DataType.INT8;
            case INT16 -> DataType.INT16;
            case INT32 -> DataType.INT32;
            case INT64 -> DataType.INT64;
            case FP16 -> DataType.FLOAT16;
            case BF16 -> DataType.BFLOAT16;
            case FP32 -> DataType.FLOAT32;
            case FP64 -> DataType.FLOAT64;
            case UINT16, UINT32, UINT64, BYTES ->
                    throw EngineException.invalidInput(
                            "input '" + input + "': PyTorch has no " + datatype + " tensors");
        };
    }

    static Datatype of(String output, DataType type) {
        return switch (type) {
            case BOOLEAN -> Datatype.BOOL;
            case UINT8 -> Datatype.UINT8;
            case INT8 -> Datatype.INT8;
            case INT16 -> Datatype.INT16;
            case INT32 -> Datatype.INT32;
            case INT64 -> Datatype.INT64;
            case FLOAT16 -> Datatype.FP16;
            case BFLOAT16 -> Datatype.BF16;
            case FLOAT32 -> Datatype.FP32;
            case FLOAT64 -> Datatype.FP64;
            default ->
                    throw EngineException.failed(
                            "output '" + output + "' has the unsupported type " + type, null);
        };
    }

    /**
     * A library of another release than the binding was made for loads without a word and then
     * mixes up element types; what it says about arrays of its own shows that.
     */
    static void requireIntactLibrary(Engine engine) {
        try (NDManager manager = engine.newBaseManager()) {
            for (DataType type : PROBED) {
                NDArray array = manager.ones(new Shape(3), type);
                boolean intact =
                        array.getDataType() == type
                                && array.toType(DataType.INT64, true).sum().getLong() == 3;
                if (!intact) {
                    throw EngineException.failed(
                            "this node's PyTorch library is not the release it was built for",
                            null);
                }
            }
        }
    }
}
