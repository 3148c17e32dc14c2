package dev.atrium.registry.artifact;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Small model files, made byte by byte, to be good or to be spoilt on purpose. */
public final class ModelBytes {
    private ModelBytes() {}

    /** Protobuf fields one after another. */
    public static final class Proto {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        public Proto number(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        public Proto text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        public Proto message(int field, Proto value) {
            return bytes(field, value.toBytes());
        }

        public Proto bytes(int field, byte[] value) {
            length(field, value.length);
            bytes.writeBytes(value);
            return this;
        }

        /** A length-delimited field whose content does not follow. */
        public Proto length(int field, long length) {
            varint((long) field << 3 | 2);
            varint(length);
            return this;
        }

        private void varint(long value) {
            long left = value;
            while ((left & ~0x7fL) != 0) {
                bytes.write((int) (left & 0x7f | 0x80));
                left >>>= 7;
            }
            bytes.write((int) left);
        }

        public byte[] toBytes() {
            return bytes.toByteArray();
        }
    }

    /** {@code y = x + w} with a batch dimension and four columns. */
    public static byte[] onnx() {
        return onnxOf(graph().message(5, weight())).toBytes();
    }

    /** A model whose size is about the given one, so that uploads take their time. */
    public static byte[] onnx(int padding) {
        return onnxOf(graph().message(5, weight())).bytes(6, new byte[padding]).toBytes();
    }

    public static Proto onnxOf(Proto graph) {
        return new Proto()
                .number(1, 8)
                .text(2, "atrium-tests")
                .message(7, graph)
                .message(8, new Proto().text(1, "").number(2, 17));
    }

    public static Proto graph() {
        return new Proto()
                .message(1, node("Add", ""))
                .text(2, "sum")
                .message(11, value("x", 1, -1, 4))
                .message(11, value("w", 1, 4))
                .message(12, value("y", 1, -1, 4));
    }

    public static Proto node(String operator, String domain) {
        return new Proto().text(1, "x").text(1, "w").text(2, "y").text(4, operator).text(7, domain);
    }

    public static Proto weight() {
        return new Proto().number(1, 4).number(2, 1).text(8, "w").bytes(9, new byte[16]);
    }

    public static Proto value(String name, int elementType, long... shape) {
        Proto dimensions = new Proto();
        for (long size : shape) {
            dimensions.message(
                    1, size < 0 ? new Proto().text(2, "batch") : new Proto().number(1, size));
        }
        Proto tensor = new Proto().number(1, elementType).message(2, dimensions);
        return new Proto().text(1, name).message(2, new Proto().message(1, tensor));
    }

    /** A language model of one tensor and 128 tokens of context. */
    public static byte[] gguf() {
        return ggufHeader(1, 2)
                .text("general.architecture")
                .int32(8)
                .text("llama")
                .text("llama.context_length")
                .int32(4)
                .int32(128)
                .tensor("token_embd.weight", 8, 0)
                .align()
                .raw(new byte[32])
                .toBytes();
    }

    public static Gguf ggufHeader(long tensors, long pairs) {
        return new Gguf()
                .raw("GGUF".getBytes(StandardCharsets.US_ASCII))
                .int32(3)
                .int64(tensors)
                .int64(pairs);
    }

    /** Little-endian numbers and texts with their length in front. */
    public static final class Gguf {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        public Gguf int32(int value) {
            return raw(buffer(4).putInt(value).array());
        }

        public Gguf int64(long value) {
            return raw(buffer(8).putLong(value).array());
        }

        public Gguf text(String value) {
            byte[] text = value.getBytes(StandardCharsets.UTF_8);
            return int64(text.length).raw(text);
        }

        /** A row of F32 numbers. */
        public Gguf tensor(String name, long columns, long offset) {
            return text(name).int32(1).int64(columns).int32(0).int64(offset);
        }

        public Gguf align() {
            return raw(new byte[(32 - bytes.size() % 32) % 32]);
        }

        public Gguf raw(byte[] value) {
            bytes.writeBytes(value);
            return this;
        }

        public byte[] toBytes() {
            return bytes.toByteArray();
        }

        private static ByteBuffer buffer(int size) {
            return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    public static final String SOURCE =
            """
            class Doubling(Module):
              __parameters__ = ["weight", ]
              __buffers__ = []
              weight : Tensor
              def forward(self: __torch__.Doubling,
                x: Tensor) -> Tensor:
                weight = self.weight
                return torch.mul(x, weight)
            """;

    public static byte[] torchScript() {
        return zip(torchScriptMembers(SOURCE));
    }

    public static byte[] torchScript(String source) {
        return zip(torchScriptMembers(source));
    }

    /** Members in their order, below the folder {@code model}. */
    public static Map<String, byte[]> torchScriptMembers(String source) {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put(
                "model/data.pkl", modulePickle("__torch__\nDoubling", "torch\nFloatStorage", 2));
        members.put("model/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
        members.put("model/data/0", new byte[8]);
        members.put("model/constants.pkl", pickle(")."));
        members.put("model/version", "3\n".getBytes(StandardCharsets.US_ASCII));
        members.put("model/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        return members;
    }

    /** An object with one tensor, as torch.jit.save writes it. */
    public static byte[] modulePickle(String type, String storage, int elements) {
        return pickle(
                "c"
                        + type
                        + "\n)\u0081}(U\u0006weightctorch._utils\n_rebuild_tensor_v2\n((U\u0007storagec"
                        + storage
                        + "\nU\u00010U\u0003cpuK"
                        + (char) elements
                        + "tQK\u0000K"
                        + (char) elements
                        + "\u0085K\u0001\u0085\u0089ccollections\nOrderedDict\n)RtRub.");
    }

    /** A pickle of protocol 2 from opcodes written as Latin-1 characters. */
    public static byte[] pickle(String opcodes) {
        return ("\u0080\u0002" + opcodes).getBytes(StandardCharsets.ISO_8859_1);
    }

    public static byte[] zip(Map<String, byte[]> members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                zip.putNextEntry(stored(member.getKey(), member.getValue()));
                zip.write(member.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static ZipEntry stored(String name, byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        return entry;
    }
}
