package dev.atrium.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.registry.api.tenancy.TenantId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class ArtifactStoreTests {
    private static final String SHA_256_OF_ABC =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir private Path folder;
    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private ArtifactStore store;

    @BeforeEach
    void open() {
        store =
                new ArtifactStore(
                        new ArtifactProperties(
                                folder, DataSize.ofBytes(1_000), Duration.ofSeconds(1), 1),
                        Clock.systemUTC());
    }

    @Test
    void keepsAFileReadOnlyUnderItsDigest() throws IOException {
        StoredFile stored = store.receive(tenant, stream("abc"), 3, SHA_256_OF_ABC);

        assertThat(stored).isEqualTo(new StoredFile(3, SHA_256_OF_ABC));
        Path path = folder.resolve(tenant + "/ba/" + SHA_256_OF_ABC);
        assertThat(store.find(tenant, SHA_256_OF_ABC)).contains(path);
        assertThat(path).hasContent("abc");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("r--r--r--");
        assertThat(parts()).isEmpty();
    }

    @Test
    void showsAFileToItsTenantOnly() {
        store.receive(tenant, stream("abc"), -1, null);

        assertThat(store.find(new TenantId(UUID.randomUUID()), SHA_256_OF_ABC)).isEmpty();
    }

    @Test
    void takesTheSameBytesTwice() {
        store.receive(tenant, stream("abc"), -1, null);

        StoredFile again = store.receive(tenant, stream("abc"), -1, null);

        assertThat(again.sha256()).isEqualTo(SHA_256_OF_ABC);
        assertThat(store.digestsOlderThan(tenant, Duration.ofSeconds(-1)))
                .containsExactly(SHA_256_OF_ABC);
    }

    @Test
    void refusesAnotherDigestThanAnnouncedAndKeepsNothing() throws IOException {
        assertThatThrownBy(() -> store.receive(tenant, stream("abd"), -1, SHA_256_OF_ABC))
                .isInstanceOf(ChecksumMismatchException.class);

        assertThat(parts()).isEmpty();
        assertThat(store.digestsOlderThan(tenant, Duration.ofSeconds(-1))).isEmpty();
    }

    @Test
    void refusesATooLongFileAsSoonAsTheLimitIsPassed() throws IOException {
        Endless endless = new Endless();

        assertThatThrownBy(() -> store.receive(tenant, endless, -1, null))
                .isInstanceOf(ArtifactTooLargeException.class);

        assertThat(endless.given).isLessThan(1 << 20);
        assertThat(parts()).isEmpty();
    }

    @Test
    void refusesAnAnnouncedLengthBeyondTheLimitWithoutReading() {
        Endless endless = new Endless();

        assertThatThrownBy(() -> store.receive(tenant, endless, 1_001, null))
                .isInstanceOf(ArtifactTooLargeException.class);

        assertThat(endless.given).isZero();
    }

    @Test
    void refusesAnUploadThatEndsEarlyAndKeepsNothing() throws IOException {
        InputStream broken =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("connection reset");
                    }
                };

        assertThatThrownBy(() -> store.receive(tenant, broken, -1, null))
                .isInstanceOf(UploadBrokenException.class);
        assertThatThrownBy(() -> store.receive(tenant, stream("abc"), 4, null))
                .isInstanceOf(UploadBrokenException.class);

        assertThat(parts()).isEmpty();
    }

    @Test
    void sweepsPartsThatNobodyWritesToAnyMore() throws IOException {
        Path abandoned = Files.write(folder.resolve("incoming/left.part"), new byte[8]);
        LeftoverSweep sweep = new LeftoverSweep(store);

        try (IncomingFile beingWritten = IncomingFile.open(store.incoming(), 10)) {
            sweep.sweep();

            assertThat(abandoned).doesNotExist();
            assertThat(parts()).hasSize(1);
            assertThat(beingWritten.receive(stream("x")).bytes()).isEqualTo(1);
        }
    }

    private Path[] parts() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("incoming"))) {
            return files.toArray(Path[]::new);
        }
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static final class Endless extends InputStream {
        private long given;

        @Override
        public int read() {
            given++;
            return 0;
        }
    }
}
