package dev.atrium.node.engine.audio;

import dev.atrium.node.engine.NaturalInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A recording to warm a model up with: a second of 440 Hz as WAV. */
final class Tone {
    private static final int HEADER = 44;
    private static final int AFTER_RIFF = 36;
    private static final int FORMAT = 16;
    private static final double HERTZ = 440;
    private static final double LOUDNESS = 8_000;

    private Tone() {}

    static NaturalInput of(int rate) {
        int bytes = rate * Short.BYTES;
        ByteBuffer file = ByteBuffer.allocate(HEADER + bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put(ascii("RIFF")).putInt(AFTER_RIFF + bytes).put(ascii("WAVEfmt ")).putInt(FORMAT);
        file.putShort((short) 1).putShort((short) 1).putInt(rate).putInt(bytes);
        file.putShort((short) Short.BYTES).putShort((short) Short.SIZE);
        file.put(ascii("data")).putInt(bytes);
        for (int i = 0; i < rate; i++) {
            file.putShort((short) (LOUDNESS * Math.sin(2 * Math.PI * HERTZ * i / rate)));
        }
        return new NaturalInput("audio/wav", file.flip());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
