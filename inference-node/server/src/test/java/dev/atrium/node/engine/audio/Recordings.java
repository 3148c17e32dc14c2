package dev.atrium.node.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.testing.TestModels;
import java.nio.ByteBuffer;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Recordings and what standalone/models/make_audio.py found in them. */
final class Recordings {
    static final JsonMapper JSON = JsonMapper.builder().build();
    static final JsonNode EXPECTED = JSON.readTree(TestModels.read("audio-expected.json"));

    private Recordings() {}

    /** A chirp, a click and a little noise, as librosa was given it. */
    static float[] signal() {
        List<Double> values = TestModels.numbers(EXPECTED.get("signal"));
        float[] signal = new float[values.size()];
        for (int i = 0; i < signal.length; i++) {
            signal[i] = values.get(i).floatValue() / 32_768;
        }
        return signal;
    }

    static byte[] file(String name) {
        return TestModels.read("audio/" + name);
    }

    static Sound decode(byte[] file) {
        return decode(file, 60);
    }

    static Sound decode(byte[] file, int longestSeconds) {
        return SoundFile.decode(ByteBuffer.wrap(file), longestSeconds, new Cancellation());
    }

    /** Some of the first values, or all. */
    static void assertClose(float[] actual, JsonNode expected, double tolerance) {
        List<Double> numbers = TestModels.numbers(expected);
        assertThat(actual.length).isGreaterThanOrEqualTo(numbers.size());
        for (int i = 0; i < numbers.size(); i++) {
            assertThat((double) actual[i])
                    .as("value " + i)
                    .isCloseTo(numbers.get(i), within(tolerance));
        }
    }
}
