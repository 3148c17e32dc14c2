package dev.atrium.registry.artifact.onnx;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;

/** A {@code TensorProto}; looks at everything but the numbers in it. */
final class OnnxTensor {
    private static final int MAX_NAME_BYTES = 512;
    private static final long MAX_ELEMENTS = 1L << 40;

    private String name = "";
    private long elements = 1;
    private int elementType;
    private long rawBytes = -1;

    private OnnxTensor() {}

    /** The tensor's name; rejects one whose data lies in another file or does not fit its shape. */
    static String read(ProtobufMessage message) {
        OnnxTensor tensor = new OnnxTensor();
        while (message.next()) {
            tensor.field(message);
        }
        tensor.requireConsistent();
        return tensor.name;
    }

    /** The name of a sparse tensor, which is the one of its values. */
    static String readSparse(ProtobufMessage message) {
        String name = "";
        while (message.next()) {
            if (message.field() == 1) {
                name = read(message.message());
            } else if (message.field() == 2) {
                read(message.message());
            }
        }
        return name;
    }

    private void field(ProtobufMessage message) {
        switch (message.field()) {
            case 1 -> message.numbers(this::dimension);
            case 2 -> elementType = (int) message.number();
            case 8 -> name = message.text(MAX_NAME_BYTES);
            case 9 -> rawBytes = message.length();
            case 13 -> throw externalData();
            case 14 -> {
                if (message.number() != 0) {
                    throw externalData();
                }
            }
            default -> {
                // Typed data is bounded by the file; its count is the runtime's check.
            }
        }
    }

    private void dimension(long size) {
        if (size < 0 || (size > 0 && elements > MAX_ELEMENTS / size)) {
            throw new ArtifactRejectedException(
                    "a tensor of the ONNX file has a negative or absurd dimension: " + size);
        }
        elements *= size;
    }

    private void requireConsistent() {
        long bits = bits();
        if (rawBytes >= 0 && bits > 0 && rawBytes != (elements * bits + 7) / 8) {
            throw new ArtifactRejectedException(
                    "tensor '"
                            + name
                            + "' of the ONNX file has "
                            + rawBytes
                            + " bytes of data, its shape asks for "
                            + (elements * bits + 7) / 8);
        }
    }

    /** Bits of one element by the number of its type; 0 where raw data says nothing. */
    private long bits() {
        return switch (elementType) {
            case 2, 3, 9, 17, 18, 19, 20, 24 -> 8;
            case 4, 5, 10, 16 -> 16;
            case 1, 6, 12 -> 32;
            case 7, 11, 13, 14 -> 64;
            case 15 -> 128;
            case 21, 22, 23 -> 4;
            default -> 0;
        };
    }

    private static ArtifactRejectedException externalData() {
        return new ArtifactRejectedException(
                "the ONNX file keeps tensors in other files (external data), which is never read."
                        + " Save it in one file: onnx.save(onnx.load('model.onnx'),"
                        + " 'single.onnx', save_as_external_data=False)");
    }
}
