package dev.atrium.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterFolderTests {
    @TempDir Path folder;

    @Test
    void discardsProgramsThatAreNotMarkedAsComplete() throws Exception {
        Path complete = Files.createDirectories(folder.resolve("PG-1/bin"));
        Files.createFile(folder.resolve("PG-1/.exists"));
        Files.createDirectories(folder.resolve("PG-2/lib"));
        Files.createSymbolicLink(folder.resolve("PG-2/lib/a.so"), Path.of("a.so.1"));

        ClusterFolder.discardHalfUnpacked(folder);

        assertThat(complete).exists();
        assertThat(folder.resolve("PG-2")).doesNotExist();
    }

    @Test
    void neverTouchesAClusterThatRanOnce() throws Exception {
        Files.createFile(folder.resolve("postmaster.opts"));

        ClusterFolder.discardUnfinished(folder);

        assertThat(folder.resolve("postmaster.opts")).exists();
    }

    @Test
    void saysWhatTheServerSaidWhenItDidNotStart() throws Exception {
        Path output =
                Files.writeString(
                        folder.resolve("out"), "waiting\n".repeat(9) + "FATAL: lock file exists\n");

        String reason = ClusterFolder.explain(folder, output, new IllegalStateException("gave up"));

        assertThat(reason).contains("gave up; it said: waiting | ").contains("FATAL: lock file");
        assertThat(reason.split("waiting")).hasSize(5);
        assertThat(
                        ClusterFolder.explain(
                                folder, folder.resolve("none"), new IllegalStateException("no")))
                .contains("did not start");
    }
}
