package dev.atrium.node.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies sealed on a disk. */
class SealedFileIT {
    private static final NodeKey KEY = new NodeKey(bytes(32, 1));
    private static final String NAME = "a".repeat(64);

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 300_000})
    void opensToWhatWasWritten(int length) throws IOException {
        byte[] plain = bytes(length, 2);

        Path file = seal(plain, length);

        assertThat(open(file, KEY, NAME)).isEqualTo(plain);
        assertThat(Files.size(file)).isEqualTo(SealedFile.sealedBytes(length));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 65_536, 100_000, 131_072, 131_073})
    void isWrittenOnWhereItWasClosed(int first) throws IOException {
        byte[] plain = bytes(200_000, 3);
        Path file = seal(plain, first);

        try (SealedOutput out = SealedOutput.append(file, KEY, NAME)) {
            assertThat(out.length()).isEqualTo(first);
            out.write(plain, first, plain.length - first);
        }

        assertThat(open(file, KEY, NAME)).isEqualTo(plain);
    }

    @Test
    void isWrittenOnAfterTheLastWholeSegmentWhenAKillToreOne() throws IOException {
        byte[] plain = bytes(200_000, 4);
        Path file = seal(plain, 180_000);
        byte[] sealed = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(sealed, sealed.length - 11));

        try (SealedOutput out = SealedOutput.append(file, KEY, NAME)) {
            assertThat(out.length()).isEqualTo(131_072);
            out.write(plain, 131_072, plain.length - 131_072);
        }

        assertThat(open(file, KEY, NAME)).isEqualTo(plain);
    }

    @Test
    void beginsAnewWhenCleared() throws IOException {
        Path file = seal(bytes(100_000, 5), 100_000);

        try (SealedOutput out = SealedOutput.append(file, KEY, NAME)) {
            out.clear();
            assertThat(out.length()).isZero();
            out.write(bytes(10, 6));
        }

        assertThat(open(file, KEY, NAME)).isEqualTo(bytes(10, 6));
    }

    @Test
    void showsEveryFlippedByte() throws IOException {
        Path file = seal(bytes(70_000, 7), 70_000);
        byte[] sealed = Files.readAllBytes(file);
        int[] places =
                IntStream.concat(
                                IntStream.range(0, 64),
                                IntStream.iterate(64, i -> i < sealed.length, i -> i + 499))
                        .toArray();

        for (int place : places) {
            byte[] damaged = sealed.clone();
            damaged[place] ^= 1;
            Files.write(file, damaged);

            assertThatThrownBy(() -> open(file, KEY, NAME))
                    .as("byte %d", place)
                    .isInstanceOf(DamagedFileException.class);
        }
    }

    @Test
    void showsSegmentsThatChangedPlaces() throws IOException {
        Path file = seal(bytes(140_000, 8), 140_000);
        byte[] sealed = Files.readAllBytes(file);
        byte[] swapped = sealed.clone();
        int first = Segments.SALT_BYTES;
        int second = first + Segments.SEALED_BYTES;
        System.arraycopy(sealed, second, swapped, first, Segments.SEALED_BYTES);
        System.arraycopy(sealed, first, swapped, second, Segments.SEALED_BYTES);
        Files.write(file, swapped);

        assertThatThrownBy(() -> open(file, KEY, NAME)).isInstanceOf(DamagedFileException.class);
    }

    @Test
    void opensWithNoOtherKeyAndUnderNoOtherName() throws IOException {
        Path file = seal(bytes(100, 9), 100);

        assertThatThrownBy(() -> open(file, new NodeKey(bytes(32, 10)), NAME))
                .isInstanceOf(DamagedFileException.class);
        assertThatThrownBy(() -> open(file, KEY, "b".repeat(64)))
                .isInstanceOf(DamagedFileException.class);
    }

    @Test
    void isAnotherFileEachTimeAndHoldsNoPlainByte() throws IOException {
        byte[] plain = "attack at dawn, ".repeat(5_000).getBytes(StandardCharsets.US_ASCII);

        byte[] one = Files.readAllBytes(seal(plain, plain.length));
        Files.delete(folder.resolve("file"));
        byte[] other = Files.readAllBytes(seal(plain, plain.length));

        assertThat(new String(one, StandardCharsets.ISO_8859_1)).doesNotContain("attack");
        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void aNodeMakesItsKeyOnceAndForItselfAlone() throws IOException {
        Path file = folder.resolve("deep/storage.key");

        NodeKey made = new NodeKey(new StorageProperties(null, file));
        NodeKey read = new NodeKey(new StorageProperties("", file));

        assertThat(read.id()).isEqualTo(made.id()).hasSize(16);
        assertThat(Files.getPosixFilePermissions(file))
                .extracting(Enum::name)
                .containsExactlyInAnyOrder("OWNER_READ", "OWNER_WRITE");
        Files.writeString(file, "c2hvcnQ=");
        assertThatThrownBy(() -> new NodeKey(new StorageProperties(null, file)))
                .hasMessageContaining("32 bytes in base64")
                .hasMessageNotContaining("c2hvcnQ=");
    }

    private Path seal(byte[] plain, int length) throws IOException {
        Path file = folder.resolve("file");
        try (SealedOutput out = SealedOutput.append(file, KEY, NAME)) {
            out.write(plain, 0, length);
        }
        return file;
    }

    private static byte[] open(Path file, NodeKey key, String name) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        SealedFile.open(file, key, name, plain);
        return plain.toByteArray();
    }

    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
