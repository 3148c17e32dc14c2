package dev.atrium.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTableTests {
    @TempDir Path folder;

    @Test
    void whatWasPutIsReadAgain() {
        Path file = folder.resolve("state.json");
        ProcessTable table = ProcessTable.begin(file, starting());
        table.put(entry("registry", 1));
        table.put(entry("gateway", 2));
        table.put(entry("registry", 3));
        table.remove("gateway");
        table.ready(12.5);

        RunState read = ProcessTable.read(file).orElseThrow();

        assertThat(read).isEqualTo(table.state());
        assertThat(read.phase()).isEqualTo(RunState.Phase.READY);
        assertThat(read.readySeconds()).isEqualTo(12.5);
        assertThat(read.processes()).containsExactly(entry("registry", 3));
    }

    @Test
    void aCutOffFileIsNoState() throws Exception {
        Path file = folder.resolve("state.json");
        Files.writeString(file, "{\"phase\":\"READ");

        assertThat(ProcessTable.read(file)).isEmpty();
    }

    @Test
    void aProcessWithAnotherStartIsAnotherProcess() {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current());

        ProcessIdentity former = new ProcessIdentity(self.pid(), self.start() - 1);

        assertThat(self.lives()).isTrue();
        assertThat(former.lives()).isFalse();
    }

    private static RunState starting() {
        return new RunState(
                RunState.Phase.STARTING,
                ProcessIdentity.of(ProcessHandle.current()),
                Instant.parse("2026-11-22T12:00:00Z"),
                null,
                "http://localhost:8080",
                "http://localhost:8081",
                "http://localhost:8082",
                List.of());
    }

    private static RunState.Entry entry(String name, long pid) {
        return new RunState.Entry(
                name,
                new ProcessIdentity(pid, 7),
                80,
                "http://127.0.0.1/ready",
                Instant.parse("2026-11-22T12:00:01Z"),
                0);
    }
}
