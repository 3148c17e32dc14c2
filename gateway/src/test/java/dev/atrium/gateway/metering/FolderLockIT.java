package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose the journal's folder is. */
class FolderLockIT {
    @TempDir private Path folder;

    private FolderLock lock;
    private FolderLock other;

    private void inFolder() {
        lock = new FolderLock(folder);
        other = new FolderLock(folder);
    }

    @AfterEach
    void giveBack() {
        lock.giveBack();
        other.giveBack();
    }

    @Test
    void keepsOthersOutUntilItIsGivenBack() throws IOException {
        inFolder();
        lock.create();

        assertThatThrownBy(other::create)
                .isInstanceOf(IOException.class)
                .hasMessage("another gateway uses this folder; give each its own");
        assertThat(other.isHeld()).isFalse();

        lock.giveBack();
        other.create();
        assertThat(lock.isHeld()).isFalse();
        assertThat(other.isHeld()).isTrue();
    }

    @Test
    void isTakenAgainOnlyIfItWasGivenBack() throws IOException {
        inFolder();
        lock.create();

        lock.take();
        boolean held = lock.isHeld();
        lock.giveBack();
        lock.take();

        assertThat(held).isTrue();
        assertThat(lock.isHeld()).isTrue();
        assertThatThrownBy(other::take).isInstanceOf(IOException.class);
    }

    @Test
    void isNotTakenInAFolderWhereItHasNeverBeen() {
        inFolder();

        assertThatThrownBy(lock::take).isInstanceOf(NoSuchFileException.class);

        assertThat(lock.isHeld()).isFalse();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void leavesNoFileOpenWhereItIsRefusedOrGivenBack() throws IOException {
        inFolder();
        lock.create();
        long openFiles = openFiles();

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(other::create).isInstanceOf(IOException.class);
        }
        long afterRefusals = openFiles();
        lock.giveBack();
        lock.giveBack();

        assertThat(afterRefusals).isEqualTo(openFiles);
        assertThat(openFiles()).isEqualTo(openFiles - 1);
    }

    /** As many of this process as lead into the folder. */
    private long openFiles() throws IOException {
        Path real = folder.toRealPath();
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(one -> leadsInto(real, one)).count();
        }
    }

    private static boolean leadsInto(Path folder, Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(folder);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
