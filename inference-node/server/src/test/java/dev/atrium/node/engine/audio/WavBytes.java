package dev.atrium.node.engine.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** WAV files, honest and other ones. */
final class WavBytes {
    private static final int HEADER = 44;

    private WavBytes() {}

    static byte[] pcm16(int rate, int channels, int... samples) {
        ByteBuffer data = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int sample : samples) {
            data.putShort((short) sample);
        }
        return file(1, channels, rate, 16, data.capacity(), data.array());
    }

    /** Says whatever it is told of what follows. */
    static byte[] file(int code, int channels, int rate, int bits, int dataLength, byte[] data) {
        int frame = channels * (bits / 8);
        ByteBuffer file = ByteBuffer.allocate(HEADER + data.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(ascii("RIFF")).putInt(36 + data.length).put(ascii("WAVEfmt ")).putInt(16);
        file.putShort((short) code).putShort((short) channels).putInt(rate);
        file.putInt(rate * frame).putShort((short) frame).putShort((short) bits);
        file.put(ascii("data")).putInt(dataLength).put(data);
        return file.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
