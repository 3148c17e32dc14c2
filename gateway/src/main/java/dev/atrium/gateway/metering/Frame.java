package dev.atrium.gateway.metering;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * One record of the journal as bytes: {@code magic, length, CRC-32C of the payload} and the payload
 * of {@code type, call id, JSON}. Type and call id stand outside the JSON so that recovery can
 * match OPEN and SETTLED without parsing; the magic lets it find the next record behind a damaged
 * one.
 */
record Frame(Type type, UUID callId, byte[] json) {
    static final int MAGIC = 0x41_54_4A_31;
    static final int HEADER = 12;
    private static final int PREFIX = 17;
    static final int LONGEST_PAYLOAD = 64 * 1024;
    static final int LONGEST = HEADER + LONGEST_PAYLOAD;

    enum Type {
        OPEN,
        SETTLED
    }

    int size() {
        return HEADER + PREFIX + json.length;
    }

    void writeTo(ByteBuffer target) {
        int start = target.position();
        target.putInt(MAGIC).putInt(PREFIX + json.length).putInt(0);
        target.put((byte) type.ordinal())
                .putLong(callId.getMostSignificantBits())
                .putLong(callId.getLeastSignificantBits())
                .put(json);
        target.putInt(start + 8, checksum(target, start + HEADER, PREFIX + json.length));
    }

    /** Whether a whole and undamaged frame begins at this place. */
    static boolean isAt(ByteBuffer source, int offset) {
        if (source.limit() - offset < HEADER + PREFIX || source.getInt(offset) != MAGIC) {
            return false;
        }
        int length = source.getInt(offset + 4);
        return length >= PREFIX
                && length <= LONGEST_PAYLOAD
                && offset + HEADER + length <= source.limit()
                && source.get(offset + HEADER) >= 0
                && source.get(offset + HEADER) < Type.values().length
                && source.getInt(offset + 8) == checksum(source, offset + HEADER, length);
    }

    /** The frame at a place where {@link #isAt} holds. */
    static Frame read(ByteBuffer source, int offset) {
        int length = source.getInt(offset + 4);
        int payload = offset + HEADER;
        byte[] json = new byte[length - PREFIX];
        source.get(payload + PREFIX, json);
        return new Frame(
                Type.values()[source.get(payload)],
                new UUID(source.getLong(payload + 1), source.getLong(payload + 9)),
                json);
    }

    private static int checksum(ByteBuffer buffer, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(offset, length));
        return (int) crc.getValue();
    }
}
