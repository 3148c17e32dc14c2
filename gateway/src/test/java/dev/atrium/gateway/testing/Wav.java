package dev.atrium.gateway.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Recordings of silence. */
public final class Wav {
    private static final int HEADER = 44;

    private Wav() {}

    /**
     * @param frame bytes of a sample of all channels
     */
    public static byte[] of(long rate, int frame, int samples) {
        int length = frame * samples;
        ByteBuffer file = ByteBuffer.allocate(HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(HEADER - 8 + length);
        file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        file.putShort((short) 1).putShort((short) 1);
        file.putInt((int) rate).putInt((int) (rate * frame));
        file.putShort((short) frame).putShort((short) (8 * frame));
        file.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(length);
        return file.array();
    }
}
