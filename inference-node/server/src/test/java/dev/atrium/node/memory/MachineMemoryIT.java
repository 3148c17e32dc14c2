package dev.atrium.node.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a system says that it can give. */
class MachineMemoryIT {
    @TempDir private Path folder;

    @Test
    void isWhatTheKernelCallsAvailable() throws IOException {
        Path meminfo =
                Files.writeString(
                        folder.resolve("meminfo"),
                        "MemTotal:       16000000 kB\nMemFree: 5 kB\nMemAvailable:    2000000 kB\n");

        assertThat(new MachineMemory(meminfo, folder).availableBytes())
                .isEqualTo(2_000_000L * 1024);
    }

    @Test
    void isWhatAContainersLimitLeavesWithoutCachedFiles() throws IOException {
        Path meminfo = Files.writeString(folder.resolve("meminfo"), "MemAvailable: 2000000 kB\n");
        Files.writeString(folder.resolve("memory.max"), "1000000\n");
        Files.writeString(folder.resolve("memory.current"), "900000\n");
        Files.writeString(folder.resolve("memory.stat"), "anon 5\ninactive_file 300000\n");

        assertThat(new MachineMemory(meminfo, folder).availableBytes()).isEqualTo(400_000);
        Files.writeString(folder.resolve("memory.max"), "max\n");
        assertThat(new MachineMemory(meminfo, folder).availableBytes())
                .as("of a container without a limit")
                .isEqualTo(2_000_000L * 1024);
    }

    @Test
    void isNotLimitedWhereTheSystemSaysNothing() {
        Path nowhere = folder.resolve("nowhere");

        assertThat(new MachineMemory(nowhere, nowhere).availableBytes())
                .isGreaterThan(Long.MAX_VALUE / 2);
    }

    @Test
    void isSomethingOnThisMachine() {
        assertThat(new NodeMemory(new MemoryProperties(null)).available())
                .isBetween(1L << 20, MachineMemory.totalBytes());
    }
}
