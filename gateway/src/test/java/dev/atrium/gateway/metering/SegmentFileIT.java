package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.testing.SmallDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the file after the disk took records, and after it did not. */
class SegmentFileIT {
    private static final int DISK = 64 * 1024;

    /** Of what is written to learn whether records would be taken. */
    private static final int TRIAL = 16 * 1024;

    @TempDir private Path folder;
    private Segments segments;

    @BeforeEach
    void name() throws IOException {
        segments = new Segments(Files.createDirectory(folder.resolve("journal")));
    }

    @Test
    void holdsWhatWasAppendedAndSaysHowMuchThatIs() throws IOException {
        SegmentFile file = SegmentFile.create(segments, 7);

        file.append(bytes(100, 1), false);
        file.append(bytes(50, 2), true);

        byte[] expected = new byte[150];
        Arrays.fill(expected, 0, 100, (byte) 1);
        Arrays.fill(expected, 100, 150, (byte) 2);
        assertThat(Files.readAllBytes(segments.file(7))).isEqualTo(expected);
        assertThat(file.size()).isEqualTo(150);
        assertThat(file.number()).isEqualTo(7);
        assertThat(file.isTorn()).isFalse();
        file.close();
    }

    @Test
    void takesTheNameOfNoFileThatIsThere() throws IOException {
        SegmentFile.create(segments, 7).close();

        assertThatThrownBy(() -> SegmentFile.create(segments, 7))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void leavesNothingOfRecordsThatDoNotFitAndTakesOthers() throws IOException {
        try (SmallDisk disk = SmallDisk.over(segments.folder(), DISK)) {
            SegmentFile file = SegmentFile.create(segments, 1);
            file.append(bytes(DISK - 100, 1), false);

            assertThatThrownBy(() -> file.append(bytes(DISK, 2), false))
                    .isInstanceOf(IOException.class);
            file.append(bytes(100, 3), false);

            assertThat(file.isTorn()).isFalse();
            assertThat(file.size()).isEqualTo(DISK);
            byte[] expected = new byte[DISK];
            Arrays.fill(expected, 0, DISK - 100, (byte) 1);
            Arrays.fill(expected, DISK - 100, DISK, (byte) 3);
            assertThat(Arrays.equals(Files.readAllBytes(segments.file(1)), expected)).isTrue();
            assertThat(disk.files()).hasSize(1);
            file.close();
        }
    }

    @Test
    void appendsNothingMoreOnceWhatHadToBeOnTheDiskMayNotBe() throws IOException {
        try (SmallDisk disk = SmallDisk.over(segments.folder(), DISK)) {
            SegmentFile file = SegmentFile.create(segments, 1);
            file.append(bytes(100, 1), true);

            assertThatThrownBy(() -> file.append(bytes(DISK, 2), true))
                    .isInstanceOf(IOException.class);

            assertThat(file.isTorn()).isTrue();
            assertThat(file.size()).isEqualTo(100);
            assertThat(Files.size(segments.file(1))).isEqualTo(100);
            assertThat(disk.files()).hasSize(1);
            file.close();
        }
    }

    /** Its bytes may be on the disk; nobody would find them there. */
    @Test
    void hasNothingOnTheDiskWhoseNameIsNot() throws IOException {
        SegmentFile file = SegmentFile.create(segments, 1);
        Files.delete(segments.file(1));
        Files.delete(segments.folder());

        assertThatThrownBy(() -> file.append(bytes(100, 1), true))
                .isInstanceOf(NoSuchFileException.class);

        assertThat(file.isTorn()).isTrue();
        assertThat(file.size()).isZero();
        file.close();
    }

    @Test
    void knowsThatItsNameLeadsToAnotherFileOrToNone() throws IOException {
        SegmentFile file = SegmentFile.create(segments, 1);
        file.append(bytes(100, 1), false);
        Path away = folder.resolve("away");

        boolean named = !file.isNameless();
        Files.move(segments.folder(), away);
        boolean gone = file.isNameless();
        Files.createDirectory(segments.folder());
        Files.copy(away.resolve(segments.file(1).getFileName()), segments.file(1));
        boolean copied = file.isNameless();
        Files.delete(segments.file(1));
        Files.delete(segments.folder());
        Files.move(away, segments.folder());
        boolean back = !file.isNameless();

        assertThat(named).isTrue();
        assertThat(gone).isTrue();
        assertThat(copied).isTrue();
        assertThat(back).isTrue();
        file.close();
        assertThat(file.isNameless()).as("nothing is written to it any more").isFalse();
    }

    @Test
    void isWrittenAnewWithAllThatItTookAndGoesOn() throws IOException {
        SegmentFile file = SegmentFile.create(segments, 1);
        file.append(bytes(100, 1), false);
        Files.delete(segments.file(1));
        Files.delete(segments.folder());
        file.append(bytes(50, 2), false);
        assertThatThrownBy(file::writtenAnew).isInstanceOf(NoSuchFileException.class);
        Files.createDirectory(segments.folder());
        Files.write(segments.file(1), new byte[] {1, 1, 1});

        SegmentFile anew = file.writtenAnew();
        anew.append(bytes(1, 3), true);

        assertThat(file.isTorn()).isTrue();
        assertThat(anew.isNameless()).isFalse();
        assertThat(anew.number()).isEqualTo(1);
        assertThat(anew.size()).isEqualTo(151);
        byte[] expected = new byte[151];
        Arrays.fill(expected, 0, 100, (byte) 1);
        Arrays.fill(expected, 100, 150, (byte) 2);
        expected[150] = 3;
        assertThat(Files.readAllBytes(segments.file(1))).isEqualTo(expected);
        assertThat(segments.folder()).isDirectoryNotContaining("glob:**.anew");
        anew.close();
    }

    /** Its own file system is away; what is written beneath would be hidden when it is back. */
    @Test
    void isNotWrittenAnewOnAnotherFileSystem() throws IOException {
        SegmentFile file = SegmentFile.create(segments, 1);
        file.append(bytes(100, 1), false);

        try (SmallDisk disk = SmallDisk.over(segments.folder(), DISK)) {
            assertThat(file.isNameless()).isTrue();
            assertThatThrownBy(file::writtenAnew)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another file system");
            assertThat(disk.files()).isEmpty();
        }

        assertThat(file.isNameless()).isFalse();
        file.append(bytes(1, 2), false);
        assertThat(Files.size(segments.file(1))).isEqualTo(101);
        file.close();
    }

    @Test
    void isTornWhenWhatFailedCannotBeTakenBack() throws IOException {
        SegmentFile file = SegmentFile.create(segments, 1);
        file.append(bytes(100, 1), false);

        // Closes the file under it.
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> file.append(bytes(100, 2), false))
                .isInstanceOf(ClosedChannelException.class);
        assertThat(Thread.interrupted()).isTrue();

        assertThat(file.isTorn()).isTrue();
        assertThat(file.size()).isEqualTo(100);
    }

    @Test
    void triesWithoutLeavingATrace() throws IOException {
        SegmentFile file = SegmentFile.create(segments, 1);
        file.append(bytes(100, 1), false);

        file.tryOut();

        assertThat(file.size()).isEqualTo(100);
        assertThat(Files.size(segments.file(1))).isEqualTo(100);
        file.append(bytes(1, 2), false);
        assertThat(Files.readAllBytes(segments.file(1))).endsWith(1, 2).hasSize(101);
        file.close();
    }

    @Test
    void triesWithMoreThanTheLastFewBytesOfADisk() throws IOException {
        try (SmallDisk disk = SmallDisk.over(segments.folder(), DISK)) {
            SegmentFile file = SegmentFile.create(segments, 1);
            file.append(bytes(DISK - TRIAL + 1, 1), false);
            assertThatThrownBy(file::tryOut).isInstanceOf(IOException.class);
            long left = Files.size(segments.file(1));

            disk.grow();
            file.tryOut();

            assertThat(left).isEqualTo(DISK - TRIAL + 1);
            assertThat(Files.size(segments.file(1))).isEqualTo(left);
            assertThat(file.isTorn()).isFalse();
            file.close();
        }
    }

    @Test
    void isLeftAloneOnceItIsGivenUpOrClosed() throws IOException {
        SegmentFile given = SegmentFile.create(segments, 1);
        SegmentFile closed = SegmentFile.create(segments, 2);

        given.giveUp();
        closed.close();

        assertThat(given.isTorn()).isTrue();
        assertThat(closed.isTorn()).isTrue();
        assertThatThrownBy(() -> closed.append(bytes(1, 1), false))
                .isInstanceOf(ClosedChannelException.class);
        given.close();
    }

    private static ByteBuffer bytes(int count, int value) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }
}
