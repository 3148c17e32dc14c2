package dev.atrium.node.inference;

import dev.atrium.node.engine.Tensor;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes the Open Inference Protocol's answer without holding it in memory.
 *
 * <p>JSON has no word for numbers that are none: NaN and the infinities are written as the strings
 * {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"}, as the JSON form of the protocol's own
 * Protocol Buffers does.
 */
final class InferResponseWriter {
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    private static final BinaryOutputs NONE_BINARY = new BinaryOutputs();

    private InferResponseWriter() {}

    static void write(
            String modelName,
            int version,
            @Nullable String id,
            List<Tensor> outputs,
            OutputStream target) {
        write(modelName, version, id, outputs, NONE_BINARY, target);
    }

    /**
     * Of binary outputs only what they are; their bytes come behind, in the order of the outputs.
     */
    static void write(
            String modelName,
            int version,
            @Nullable String id,
            List<Tensor> outputs,
            BinaryOutputs binary,
            OutputStream target) {
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), target)) {
            json.writeStartObject();
            json.writeStringProperty("model_name", modelName);
            json.writeStringProperty("model_version", Integer.toString(version));
            if (id != null) {
                json.writeStringProperty("id", id);
            }
            json.writeName("outputs");
            json.writeStartArray();
            for (Tensor output : outputs) {
                writeTensor(json, output, binary.isBinary(output.name()));
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void writeTensor(JsonGenerator json, Tensor tensor, boolean isBinary) {
        json.writeStartObject();
        json.writeStringProperty("name", tensor.name());
        json.writeStringProperty("datatype", tensor.datatype().name());
        json.writeName("shape");
        json.writeArray(tensor.shape(), 0, tensor.shape().length);
        if (isBinary) {
            json.writeName("parameters");
            json.writeStartObject();
            json.writeName("binary_data_size");
            json.writeNumber(tensor.data().remaining());
            json.writeEndObject();
        } else {
            writeData(json, tensor);
        }
        json.writeEndObject();
    }

    private static void writeData(JsonGenerator json, Tensor tensor) {
        json.writeName("data");
        json.writeStartArray();
        long elements = tensor.elements();
        ByteBuffer data = tensor.data().slice().order(ByteOrder.LITTLE_ENDIAN);
        DecimalWriter decimals = new DecimalWriter(json);
        for (long i = 0; i < elements; i++) {
            writeElement(json, decimals, tensor, data);
        }
        json.writeEndArray();
    }

    private static void writeElement(
            JsonGenerator json, DecimalWriter decimals, Tensor tensor, ByteBuffer data) {
        switch (tensor.datatype()) {
            case BOOL -> json.writeBoolean(data.get() != 0);
            case UINT8 -> json.writeNumber(Byte.toUnsignedInt(data.get()));
            case UINT16 -> json.writeNumber(Short.toUnsignedInt(data.getShort()));
            case UINT32 -> json.writeNumber(Integer.toUnsignedLong(data.getInt()));
            case UINT64 -> writeUnsigned(json, data.getLong());
            case INT8 -> json.writeNumber(data.get());
            case INT16 -> json.writeNumber(data.getShort());
            case INT32 -> json.writeNumber(data.getInt());
            case INT64 -> json.writeNumber(data.getLong());
            case FP16 -> decimals.write(Float.float16ToFloat(data.getShort()));
            case BF16 -> decimals.write(Float.intBitsToFloat(data.getShort() << 16));
            case FP32 -> decimals.write(data.getFloat());
            case FP64 -> decimals.write(data.getDouble());
            case BYTES -> {
                byte[] text = new byte[data.getInt()];
                data.get(text);
                json.writeString(new String(text, StandardCharsets.UTF_8));
            }
        }
    }

    private static void writeUnsigned(JsonGenerator json, long value) {
        if (value >= 0) {
            json.writeNumber(value);
        } else {
            json.writeNumber(new BigInteger(Long.toUnsignedString(value)));
        }
    }
}
