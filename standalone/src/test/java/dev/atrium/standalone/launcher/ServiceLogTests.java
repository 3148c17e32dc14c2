package dev.atrium.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceLogTests {
    @TempDir Path folder;

    @Test
    void neverTakesMoreThanThreeFullFiles() throws Exception {
        try (ServiceLog log = new ServiceLog(folder.resolve("gateway.log"), 100)) {
            IntStream.range(0, 100).forEach(i -> log.write("line number " + i));

            assertThat(log.newest()).hasSize(30).last().isEqualTo("line number 99");
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> kept = files.sorted().toList();

            assertThat(kept)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactly("gateway.log", "gateway.log.1", "gateway.log.2");
            assertThat(kept).allSatisfy(file -> assertThat(Files.size(file)).isBetween(1L, 100L));
        }
        assertThat(Files.readString(folder.resolve("gateway.log"))).endsWith("line number 99\n");
    }

    @Test
    void linesAfterTheEndAreDropped() throws Exception {
        ServiceLog log = new ServiceLog(folder.resolve("gateway.log"));
        log.write("seen");
        log.close();

        log.write("late");

        assertThat(folder.resolve("gateway.log")).hasContent("seen");
    }
}
