package dev.atrium.node.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one process finds of those before it. */
class PrivateFolderIT {
    @TempDir private Path parent;

    @Test
    void removesWhatDeadProcessesLeftAndNothingElse() throws IOException {
        PrivateFolder living = PrivateFolder.create(parent);
        Path dead = left("atrium-dead", "999999999 1");
        Path reused = left("atrium-reused", ProcessHandle.current().pid() + " 1");
        Path foreign = left("other", "999999999 1");

        PrivateFolder fresh = PrivateFolder.create(parent);

        assertThat(dead).doesNotExist();
        assertThat(reused).as("the id of a living process, which began later").doesNotExist();
        assertThat(living.path()).exists();
        assertThat(foreign).exists();
        assertThat(fresh.path()).exists();
    }

    @Test
    void removesWhatAProcessLeftThatWasKilledBeforeItSaidWhoItIs() throws IOException {
        Path old = Files.createDirectory(parent.resolve("atrium-old"));
        Path young = Files.createDirectory(parent.resolve("atrium-young"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(120)));

        PrivateFolder.create(parent);

        assertThat(old).doesNotExist();
        assertThat(young).as("of a process that just starts").exists();
    }

    @Test
    void isClosedToOthersAndGoesWithAllThatIsInIt() throws IOException {
        PrivateFolder folder = PrivateFolder.create(parent);
        Files.writeString(Files.createDirectory(folder.path().resolve("deep")).resolve("f"), "x");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
                .isEqualTo("rwx------");
        folder.remove();
        assertThat(folder.path()).doesNotExist();
    }

    private Path left(String name, String owner) throws IOException {
        Path folder = Files.createDirectory(parent.resolve(name));
        Files.writeString(folder.resolve("owner"), owner);
        Files.writeString(folder.resolve("model"), "plain");
        return folder;
    }
}
