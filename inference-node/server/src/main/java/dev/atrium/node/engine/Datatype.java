package dev.atrium.node.engine;

import java.util.Optional;

/** Element types of the Open Inference Protocol. */
public enum Datatype {
    BOOL(1),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FP16(2),
    BF16(2),
    FP32(4),
    FP64(8),
    /** Each element is its length as unsigned little-endian 32 bits, then that many bytes. */
    BYTES(0);

    private final int elementBytes;

    Datatype(int elementBytes) {
        this.elementBytes = elementBytes;
    }

    /** Size of one element; 0 where elements have sizes of their own. */
    public int elementBytes() {
        return elementBytes;
    }

    public static Optional<Datatype> named(String name) {
        for (Datatype datatype : values()) {
            if (datatype.name().equals(name)) {
                return Optional.of(datatype);
            }
        }
        return Optional.empty();
    }
}
