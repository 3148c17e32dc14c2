package dev.atrium.node.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.NaturalInput;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.engine.predict.ModelInput;
import dev.atrium.registry.api.catalog.AudioSettings;
import dev.atrium.registry.api.catalog.MelSettings;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What becomes of samples, compared with librosa and with published values. */
class MelFeaturesTests {
    private static final int RATE = 16_000;

    @Test
    void makesTheFeaturesOfLibrosa() {
        assertThat(Recordings.EXPECTED.get("features")).hasSizeGreaterThanOrEqualTo(6);
        for (JsonNode expected : Recordings.EXPECTED.get("features")) {
            AudioSettings settings =
                    Recordings.JSON.treeToValue(expected.get("audio"), AudioSettings.class);

            Tensor tensor =
                    new FeatureForm(new ModelInput("x", List.of()), settings, RATE)
                            .of(Recordings.signal(), new Cancellation())
                            .getFirst();

            String name = expected.get("name").stringValue();
            assertThat(tensor.shape()[2]).as(name).isEqualTo(expected.get("frames").longValue());
            assertClose(name, bandsFirst(tensor), expected.get("values"));
        }
    }

    private static void assertClose(String name, float[] actual, JsonNode expected) {
        assertThat(actual).as(name).hasSize(expected.size());
        for (int i = 0; i < actual.length; i++) {
            double wanted = expected.get(i).doubleValue();
            assertThat((double) actual[i])
                    .as(name + ", value " + i)
                    .isCloseTo(wanted, within(1e-4 * Math.max(1, Math.abs(wanted))));
        }
    }

    /** Frame by frame. */
    private static float[] bandsFirst(Tensor tensor) {
        int bands = (int) tensor.shape()[1];
        int frames = (int) tensor.shape()[2];
        FloatBuffer numbers = tensor.data().asFloatBuffer();
        float[] values = new float[bands * frames];
        for (int frame = 0; frame < frames; frame++) {
            for (int band = 0; band < bands; band++) {
                values[frame * bands + band] = numbers.get(band * frames + frame);
            }
        }
        return values;
    }

    /** Numbers that Hugging Face transformers 4 publishes in its tests of audio_utils. */
    @Test
    void spacesBandsAsIsPublished() {
        MelSettings htk = mel("htk", "none");
        MelSettings slaney = mel("slaney", "slaney");

        MelBands ofHtk = new MelBands(htk, 4, 4_000, 30);
        MelBands ofSlaney = new MelBands(slaney, 4, 4_000, 30);

        assertThat(weight(ofHtk, 0, 1)).isCloseTo(0.61454786, within(1e-7));
        assertThat(weight(ofHtk, 1, 3)).isCloseTo(0.64402965, within(1e-7));
        assertThat(weight(ofHtk, 2, 7)).isCloseTo(0.87724349, within(1e-7));
        assertThat(weight(ofHtk, 3, 10)).isCloseTo(0.94295229, within(1e-7));
        assertThat(weight(ofHtk, 3, 15)).isZero();
        assertThat(weight(ofSlaney, 0, 2)).isCloseTo(2.38435591e-03, within(1e-10));
        assertThat(weight(ofSlaney, 1, 5)).isCloseTo(2.97020305e-03, within(1e-10));
        assertThat(weight(ofSlaney, 3, 9)).isCloseTo(9.54861093e-04, within(1e-10));
    }

    private static MelSettings mel(String scale, String norm) {
        return new MelSettings(
                null, null, null, null, null, null, null, null, scale, norm, 0.0, 2_000.0, null,
                null, null, null, null);
    }

    private static double weight(MelBands bands, int band, int bin) {
        double[] spectrum = new double[16];
        spectrum[bin] = 1;
        return bands.sum(band, spectrum);
    }

    @Test
    void resamplesAsTorchaudioDoes() {
        float[] samples = Arrays.copyOf(Recordings.signal(), 400);
        for (JsonNode expected : Recordings.EXPECTED.get("resampled")) {
            Sound sound = new Sound(expected.get("from").intValue(), samples);

            Sound resampled =
                    Resampler.resample(sound, expected.get("to").intValue(), new Cancellation());

            assertThat(resampled.samples()).hasSize(expected.get("values").size());
            Recordings.assertClose(resampled.samples(), expected.get("values"), 2e-6);
        }
    }

    @Test
    void transformsAnyLength() {
        for (int size : new int[] {1, 2, 3, 5, 8, 12, 31, 100, 401, 512}) {
            Fourier fourier = new Fourier(size);
            double[] real = fourier.room();
            double[] imaginary = fourier.room();
            for (int i = 0; i < size; i++) {
                real[i] = Math.sin(i * i);
                imaginary[i] = Math.cos(3 * i);
            }
            double[] slowly = slowly(real, imaginary, size, size / 3);

            fourier.transform(real, imaginary);

            assertThat(real[size / 3]).isCloseTo(slowly[0], within(1e-9));
            assertThat(imaginary[size / 3]).isCloseTo(slowly[1], within(1e-9));
        }
    }

    private static double[] slowly(double[] real, double[] imaginary, int size, int bin) {
        double[] sum = new double[2];
        for (int i = 0; i < size; i++) {
            double angle = -2 * Math.PI * bin * i / size;
            sum[0] += real[i] * Math.cos(angle) - imaginary[i] * Math.sin(angle);
            sum[1] += real[i] * Math.sin(angle) + imaginary[i] * Math.cos(angle);
        }
        return sum;
    }

    @Test
    void cutsAndFillsUpToTheLengthThatTheModelFixes() {
        AudioPreparation half = preparation(audio(null, "waveform", null), 1, 8_000);
        AudioPreparation features = preparation(audio(null, "log-mel", null), 1, 80, 50);
        AudioPreparation whisper = preparation(audio(1.0, "log-mel", null), 1, 1, 80, 100);

        assertThat(shape(half, 4_000)).containsExactly(1, 8_000);
        assertThat(shape(half, 12_000)).containsExactly(1, 8_000);
        assertThat(shape(features, 100)).containsExactly(1, 80, 50);
        assertThat(shape(features, 30_000)).containsExactly(1, 80, 50);
        assertThat(shape(whisper, 9_000)).containsExactly(1, 1, 80, 100);
        assertThat(shape(preparation(audio(null, "mfcc", null), 1, -1, -1), 1))
                .containsExactly(1, 13, 2);
    }

    @Test
    void fillsWithSilenceBehindWhatIsNormalised() {
        AudioPreparation preparation = preparation(audio(null, "waveform", "recording"), 1, 6);

        FloatBuffer numbers =
                prepared(preparation, WavBytes.pcm16(RATE, 1, 100, 300)).data().asFloatBuffer();

        assertThat(numbers.get(0)).isCloseTo(-1, within(0.1f));
        assertThat(numbers.get(1)).isCloseTo(1, within(0.1f));
        assertThat(numbers.get(2)).isZero();
    }

    @Test
    void refusesAtTheLoadWhatNeverFits() {
        assertThatThrownBy(() -> preparation(audio(null, "log-mel", null), 1, 64, -1))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("[1, 80, -1]");
        assertThatThrownBy(() -> preparation(audio(2.0, "log-mel", null), 1, 80, 100))
                .hasMessageContaining("201 frames, but the input takes 100");
        assertThatThrownBy(() -> preparation(audio(1.0, "waveform", null), 1, 8_000))
                .hasMessageContaining("[1, 16000]");
        assertThatThrownBy(() -> preparation(audio(null, "waveform", null), 1, 20_000_000))
                .hasMessageContaining("20000000 samples");
        assertThatThrownBy(() -> preparation(audio(null, "log-mel", null), 1, 80, 80_000))
                .hasMessageContaining("6400000 numbers");
    }

    private static AudioSettings audio(
            @Nullable Double seconds, String features, @Nullable String normalize) {
        return new AudioSettings(null, null, seconds, features, null, normalize, null, null, null);
    }

    private static AudioPreparation preparation(AudioSettings settings, Integer... shape) {
        List<Long> dimensions = Arrays.stream(shape).map(Integer::longValue).toList();
        TensorSpec input = new TensorSpec("x", "FP32", dimensions);
        return new AudioPreparation(new Signature(List.of(input), List.of()), settings);
    }

    private static long[] shape(AudioPreparation preparation, int samples) {
        return prepared(preparation, WavBytes.pcm16(RATE, 1, new int[samples])).shape();
    }

    private static Tensor prepared(AudioPreparation preparation, byte[] file) {
        return preparation
                .prepare(new NaturalInput(null, ByteBuffer.wrap(file)), new Cancellation())
                .inputs()
                .getFirst();
    }
}
