package dev.atrium.gateway.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.gateway.testing.Wav;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WavLengthTests {
    @ParameterizedTest
    @CsvSource({
        "16000, 2, 16000, 1000",
        "16000, 2, 1, 1",
        "44100, 4, 44101, 1001",
        "8000, 1, 0, 1",
        "4294967295, 65535, 1, 1"
    })
    void isThatOfItsSamplesRoundedUp(long rate, int frame, int samples, long millis) {
        assertThat(WavLength.millis(Wav.of(rate, frame, samples))).hasValue(millis);
    }

    @Test
    void passesOverOtherChunks() {
        byte[] plain = Wav.of(8_000, 2, 800);
        byte[] noted = new byte[plain.length + 12];
        System.arraycopy(plain, 0, noted, 0, 12);
        // Three bytes and one of padding.
        System.arraycopy(new byte[] {'L', 'I', 'S', 'T', 3, 0, 0, 0, 1, 2, 3, 0}, 0, noted, 12, 12);
        System.arraycopy(plain, 12, noted, 24, plain.length - 12);

        assertThat(WavLength.millis(noted)).hasValue(100);
    }

    @Test
    void isUnknownOfAFileOfTooManyChunks() {
        byte[] plain = Wav.of(8_000, 2, 800);
        byte[] noted = new byte[plain.length + 800];
        System.arraycopy(plain, 0, noted, 0, 12);
        // A hundred of no length and no type.
        System.arraycopy(plain, 12, noted, 812, plain.length - 12);

        assertThat(WavLength.millis(noted)).isEmpty();
    }

    @Test
    void isUnknownOfWhatIsBrokenOrNone() {
        byte[] file = Wav.of(8_000, 2, 100);

        for (int length = 0; length < file.length; length++) {
            assertThat(WavLength.millis(Arrays.copyOf(file, length))).as("%d", length).isEmpty();
        }
        assertThat(WavLength.millis(Wav.of(0, 2, 100))).isEmpty();
        assertThat(WavLength.millis(Wav.of(8_000, 0, 100))).isEmpty();
        assertThat(WavLength.millis("fLaC and what follows it".getBytes())).isEmpty();
    }

    @Test
    void endsWhateverTheBytesSay() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] file = Wav.of(8_000, 2, 20);
            for (int changes = 0; changes < 4; changes++) {
                file[random.nextInt(file.length)] = (byte) random.nextInt();
            }

            assertThat(WavLength.millis(file).orElse(0)).isNotNegative();
        }
    }
}
