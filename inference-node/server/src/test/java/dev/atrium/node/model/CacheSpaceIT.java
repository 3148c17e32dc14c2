package dev.atrium.node.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who leaves the cache when room is needed. */
class CacheSpaceIT {
    private static final String OLD = "a".repeat(64);
    private static final String WANTED = "b".repeat(64);
    private static final String RECENT = "c".repeat(64);

    @TempDir private Path folder;
    private CacheSpace space;

    @BeforeEach
    void fill() throws IOException {
        space = new CacheSpace(folder, 350);
        put(OLD, 100, 300);
        put(WANTED, 100, 200);
        put(RECENT, 100, 100);
        space.keep(Set.of(WANTED));
    }

    @Test
    void nobodyWhileThereIsRoom() throws IOException {
        space.makeRoom(50, 50);

        assertThat(file(OLD)).exists();
    }

    @Test
    void whatWasNotUsedForTheLongestTime() throws IOException {
        space.makeRoom(100, 100);

        assertThat(file(OLD)).doesNotExist();
        assertThat(file(RECENT)).exists();
    }

    @Test
    void neverWhatIsPlaced() throws IOException {
        space.makeRoom(10_000, 10_000);

        assertThat(file(RECENT)).doesNotExist();
        assertThat(file(WANTED)).exists();
    }

    @Test
    void noSoonerForHavingBeenUsedAgain() throws IOException {
        space.touch(file(OLD));

        space.makeRoom(100, 100);

        assertThat(file(OLD)).exists();
        assertThat(file(RECENT)).doesNotExist();
    }

    @Test
    void allOfAnotherKeyAndFromBeforeThereWereKeys() throws IOException {
        Path ours = Files.write(named(RECENT + "-00112233445566ff"), new byte[1]);
        Path begun = Files.write(named(RECENT + "-00112233445566ff.part"), new byte[1]);
        Path others = Files.write(named(RECENT + "-ffeeddccbbaa9988"), new byte[1]);
        Path notOfTheCache = Files.write(folder.resolve("notes.txt"), new byte[1]);

        space.removeAllBut("-00112233445566ff");

        assertThat(ours).exists();
        assertThat(begun).exists();
        assertThat(notOfTheCache).exists();
        assertThat(others).doesNotExist();
        assertThat(file(WANTED)).as("plain").doesNotExist();
    }

    private Path named(String name) {
        return folder.resolve(name.substring(0, 2)).resolve(name);
    }

    @Test
    void countsWhileOtherDownloadsEnd() throws Exception {
        Path whole = file("d".repeat(64));
        Path partial = whole.resolveSibling(whole.getFileName() + ArtifactCache.PARTIAL);
        Files.createDirectories(whole.getParent());
        AtomicBoolean stop = new AtomicBoolean();
        var downloads =
                CompletableFuture.runAsync(
                        () -> {
                            while (!stop.get()) {
                                rename(write(partial), whole);
                            }
                        },
                        Thread::startVirtualThread);

        try {
            for (int i = 0; i < 5_000; i++) {
                space.makeRoom(1, 1);
            }
        } finally {
            stop.set(true);
        }

        assertThat(downloads).succeedsWithin(Duration.ofSeconds(10));
    }

    private static Path write(Path file) {
        try {
            return Files.write(file, new byte[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void rename(Path file, Path target) {
        try {
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(String digest, int bytes, int secondsAgo) throws IOException {
        Files.createDirectories(file(digest).getParent());
        Files.write(file(digest), new byte[bytes]);
        FileTime time = FileTime.from(Instant.now().minusSeconds(secondsAgo));
        Files.setLastModifiedTime(file(digest), time);
    }

    private Path file(String digest) {
        return folder.resolve(digest.substring(0, 2)).resolve(digest);
    }
}
