package dev.atrium.node.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.node.api.NodeError;
import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** WAV and FLAC as libsndfile and libFLAC write them, and as nobody should. */
class SoundFileTests {
    private static final int FLAC_FIRST_BLOCK = 42;

    @Test
    void decodesWhatOthersEncode() {
        JsonNode files = Recordings.EXPECTED.get("files");
        assertThat(files).hasSizeGreaterThanOrEqualTo(17);
        files.properties()
                .forEach(file -> {
                    Sound sound = Recordings.decode(Recordings.file(file.getKey()));

                    assertThat(sound.rate()).isEqualTo(file.getValue().get("rate").intValue());
                    Recordings.assertClose(sound.samples(), file.getValue().get("samples"), 1e-6);
                });
    }

    /** The digest of all samples stands in the file, and is checked. */
    @Test
    void decodesFlacToTheLastSample() {
        assertThat(Recordings.decode(Recordings.file("predicted.flac")).samples()).hasSize(4_410);
        assertThat(Recordings.decode(Recordings.file("silence.flac")).samples()).hasSize(5_000);

        byte[] otherDigest = Recordings.file("predicted.flac");
        otherDigest[30] ^= 1;

        assertBroken(() -> Recordings.decode(otherDigest), "MD5");
    }

    @Test
    void refusesHeadersThatLie() {
        byte[] data = new byte[100];

        assertBroken(wav(1, 1, 8_000, 16, Integer.MAX_VALUE), "promises 2147483647 bytes, 100 are");
        assertBroken(wav(1, 1, 8_000, 16, -1), "promises 4294967295 bytes");
        assertBroken(wav(1, 1, 8_000, 16, 101), "promises 101 bytes, 100 are there");
        assertBroken(wav(1, 1, 8_000, 16, 99), "middle of a sample");
        assertBroken(wav(1, 1, 8_000, 16, 0), "no samples");
        assertBroken(wav(1, 0, 8_000, 16, 100), "0 channels");
        assertBroken(wav(1, 33, 8_000, 8, 99), "33 channels");
        assertBroken(wav(1, 1, 0, 16, 100), "sample rate of 0 Hz");
        assertBroken(wav(1, 1, -1, 16, 100), "sample rate of 4294967295 Hz");
        assertBroken(wav(1, 1, 8_000, 12, 100), "the format 1 with 12 bits");
        assertBroken(wav(0, 1, 8_000, 0x110, 100), "the format 0 with 272 bits");
        assertBroken(wav(85, 1, 8_000, 16, 100), "the format 85");
        byte[] contradicting = WavBytes.file(1, 1, 8_000, 16, 100, data);
        contradicting[32] = 4;
        assertBroken(() -> Recordings.decode(contradicting), "contradicts itself");
        byte[] endless = WavBytes.file(1, 1, 8_000, 16, 100, data);
        System.arraycopy("LIST".getBytes(), 0, endless, 36, 4);
        assertBroken(() -> Recordings.decode(endless), "no samples");
        byte[] notNumbers = WavBytes.file(3, 1, 8_000, 32, 100, data);
        Arrays.fill(notNumbers, 44, notNumbers.length, (byte) 0xFF);
        assertBroken(() -> Recordings.decode(notNumbers), "no numbers");
    }

    private static ThrowingCallable wav(
            int code, int channels, int rate, int bits, int dataLength) {
        byte[] file = WavBytes.file(code, channels, rate, bits, dataLength, new byte[100]);
        return () -> Recordings.decode(file);
    }

    @Test
    void refusesWhatIsTooLong() {
        byte[] wav = WavBytes.pcm16(1_000, 1, new int[2_001]);
        byte[] flac = Recordings.file("predicted.flac");
        byte[] claims = flac.clone();
        Arrays.fill(claims, 22, 26, (byte) 0xFF);
        byte[] endless = ofUnknownLength(flac, 6);

        assertTooLong(() -> Recordings.decode(wav, 2), "the 2 seconds");
        assertTooLong(() -> Recordings.decode(claims), "the 60 seconds");
        assertTooLong(() -> Recordings.decode(endless, 1), "the 1 seconds");
        assertThat(Recordings.decode(wav, 3).millis()).isEqualTo(2_001);
        assertThat(Recordings.decode(endless, 2).samples()).hasSize(6 * 4_410);
    }

    /** Its frames again and again, and neither their number nor a digest in front of them. */
    private static byte[] ofUnknownLength(byte[] flac, int times) {
        int frames = 4;
        boolean isLast = false;
        while (!isLast) {
            int head = ByteBuffer.wrap(flac).getInt(frames);
            isLast = head < 0;
            frames += 4 + (head & 0xFFFFFF);
        }
        ByteBuffer repeated = ByteBuffer.allocate(frames + times * (flac.length - frames));
        repeated.put(flac, 0, frames);
        for (int i = 0; i < times; i++) {
            repeated.put(flac, frames, flac.length - frames);
        }
        repeated.put(21, (byte) (repeated.get(21) & 0xF0));
        repeated.put(22, new byte[FLAC_FIRST_BLOCK - 22]);
        return repeated.array();
    }

    @Test
    void refusesDamagedAndCutFiles() {
        byte[] flac = Recordings.file("predicted.flac");
        byte[] wav = Recordings.file("pcm_16.wav");
        byte[] damaged = flac.clone();
        damaged[flac.length / 2] ^= 0x10;

        assertBroken(() -> Recordings.decode(damaged), "damaged frame");
        for (int length : new int[] {12, 20, FLAC_FIRST_BLOCK, 60, flac.length - 1}) {
            assertBroken(() -> Recordings.decode(Arrays.copyOf(flac, length)), "");
        }
        for (int length : new int[] {12, 15, 30, 44, 50}) {
            assertBroken(() -> Recordings.decode(Arrays.copyOf(wav, length)), "");
        }
        assertBroken(() -> Recordings.decode(new byte[0]), "neither WAV nor FLAC");
        assertBroken(() -> Recordings.decode("hello, is this a sound".getBytes()), "neither");
        assertBroken(() -> Recordings.decode("OggS, is this a sound".getBytes()), "OGG");
    }

    /** Whatever the bytes: a recording or a refusal, in little time. */
    @Test
    void survivesAnyDamage() {
        Random random = new Random(7);
        for (String name : new String[] {"predicted.flac", "deep.flac", "pcm_24.wav", "alaw.wav"}) {
            byte[] file = Recordings.file(name);
            for (int i = 0; i < 2_000; i++) {
                byte[] damaged = file.clone();
                for (int k = 0; k <= i % 4; k++) {
                    damaged[random.nextInt(Math.min(damaged.length, 200))] =
                            (byte) random.nextInt();
                }
                try {
                    assertThat(Recordings.decode(damaged).samples()).isNotEmpty();
                } catch (EngineException e) {
                    assertThat(e.code()).isIn(NodeError.INVALID_INPUT, NodeError.INPUT_TOO_LARGE);
                }
            }
        }
    }

    @Test
    void stopsWhenItsCallerLeaves() {
        Cancellation cancelled = new Cancellation();
        cancelled.cancel();

        assertThatThrownBy(() ->
                        SoundFile.decode(
                                ByteBuffer.wrap(Recordings.file("predicted.flac")), 60, cancelled))
                .hasMessage("cancelled");
    }

    private static void assertBroken(ThrowingCallable decoding, String words) {
        assertRefused(decoding, NodeError.INVALID_INPUT, words);
    }

    private static void assertTooLong(ThrowingCallable decoding, String words) {
        assertRefused(decoding, NodeError.INPUT_TOO_LARGE, words);
    }

    private static void assertRefused(ThrowingCallable decoding, String code, String words) {
        assertThatThrownBy(decoding)
                .isInstanceOfSatisfying(
                        EngineException.class,
                        refusal -> {
                            assertThat(refusal.code()).isEqualTo(code);
                            assertThat(refusal.param()).isEqualTo("audio");
                        })
                .hasMessageContaining(words);
    }
}
