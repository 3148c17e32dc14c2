package dev.atrium.registry.artifact.onnx;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import dev.atrium.registry.artifact.format.FileBytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * One protobuf message on the wire. {@link #next()} steps from field to field and skips whatever of
 * the previous one was not read, so a field that nobody asks for costs nothing, however long it is.
 */
final class ProtobufMessage {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;
    private static final int MAX_VARINT_BYTES = 10;

    private final FileBytes file;
    private final long end;
    private long fieldEnd;
    private int field;
    private int wireType;
    private long number;

    private ProtobufMessage(FileBytes file, long start, long end) {
        this.file = file;
        this.end = end;
        this.fieldEnd = start;
    }

    static ProtobufMessage whole(FileBytes file) {
        return new ProtobufMessage(file, 0, file.size());
    }

    /** Steps to the next field; false at the end of the message. */
    boolean next() {
        file.seek(fieldEnd);
        if (fieldEnd == end) {
            return false;
        }
        long tag = readVarint();
        field = (int) (tag >>> 3);
        wireType = (int) (tag & 7);
        if (field == 0 || tag >>> 3 > (1 << 29) - 1) {
            throw broken();
        }
        switch (wireType) {
            case VARINT -> {
                number = readVarint();
                fieldEnd = file.position();
            }
            case FIXED64 -> fieldEnd = file.position() + Long.BYTES;
            case FIXED32 -> fieldEnd = file.position() + Integer.BYTES;
            case LENGTH_DELIMITED -> {
                long length = readVarint();
                if (length < 0 || length > end - file.position()) {
                    throw truncated();
                }
                fieldEnd = file.position() + length;
            }
            default -> throw broken();
        }
        if (fieldEnd > end) {
            throw truncated();
        }
        return true;
    }

    int field() {
        return field;
    }

    /** The value of a varint field. */
    long number() {
        requireType(VARINT);
        return number;
    }

    boolean isLengthDelimited() {
        return wireType == LENGTH_DELIMITED;
    }

    /** Bytes of a length-delimited field. */
    long length() {
        requireType(LENGTH_DELIMITED);
        return fieldEnd - file.position();
    }

    ProtobufMessage message() {
        requireType(LENGTH_DELIMITED);
        return new ProtobufMessage(file, file.position(), fieldEnd);
    }

    /** The varints of a repeated field, packed or one at a time. */
    void numbers(java.util.function.LongConsumer consumer) {
        if (wireType == VARINT) {
            consumer.accept(number);
            return;
        }
        requireType(LENGTH_DELIMITED);
        while (file.position() < fieldEnd) {
            consumer.accept(readVarint());
        }
        if (file.position() != fieldEnd) {
            throw broken();
        }
    }

    String text(int maxBytes) {
        if (length() > maxBytes) {
            throw new ArtifactRejectedException(
                    "the ONNX file has a name of " + length() + " bytes; at most " + maxBytes);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(file.bytes((int) length())))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ArtifactRejectedException("the ONNX file has a name that is not UTF-8");
        }
    }

    private void requireType(int wanted) {
        if (wireType != wanted) {
            throw broken();
        }
    }

    private long readVarint() {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            if (file.position() >= end) {
                throw truncated();
            }
            int next = file.unsignedByte();
            value |= (long) (next & 0x7f) << (7 * i);
            if (next < 0x80) {
                return value;
            }
        }
        throw broken();
    }

    private static ArtifactRejectedException truncated() {
        return new ArtifactRejectedException(
                "this is no complete ONNX file: it is truncated, or of another format");
    }

    private static ArtifactRejectedException broken() {
        return new ArtifactRejectedException(
                "this is no ONNX file, or bytes were added to it: its protobuf fields are broken");
    }
}
