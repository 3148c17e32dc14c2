package dev.atrium.standalone.status;

import dev.atrium.standalone.process.RunState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What runs, as {@code status --json} prints it.
 *
 * @param startSeconds from the command to all ready, of the running start
 * @param residentBytes of all processes together, with the model workers
 * @param secretsFile where the generated passwords are
 */
record StatusReport(
        boolean running,
        RunState.@Nullable Phase phase,
        @Nullable Instant startedAt,
        @Nullable Double startSeconds,
        long residentBytes,
        @Nullable String gatewayUrl,
        @Nullable String registryUrl,
        @Nullable String portalUrl,
        String dataFolder,
        String secretsFile,
        List<Line> processes) {
    StatusReport {
        processes = List.copyOf(processes);
    }

    /**
     * One process; its memory includes what it started.
     *
     * @param walls which stand around the models of a node; null for others, and before it is ready
     */
    record Line(
            String name,
            long pid,
            boolean alive,
            boolean ready,
            int port,
            long residentBytes,
            long uptimeSeconds,
            int restarts,
            @Nullable String walls) {}

    boolean allReady() {
        return running && processes.stream().allMatch(Line::ready);
    }
}
