package dev.atrium.standalone.process;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What runs for an installation, in its order of start.
 *
 * @param readySeconds what the last complete start took; null until then
 * @param gatewayUrl as people outside call it, like the others
 */
public record RunState(
        Phase phase,
        ProcessIdentity launcher,
        Instant startedAt,
        @Nullable Double readySeconds,
        String gatewayUrl,
        String registryUrl,
        String portalUrl,
        List<Entry> processes) {
    public RunState {
        processes = List.copyOf(processes);
    }

    public Optional<Entry> find(String name) {
        return processes.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    /** How far the launcher is. */
    public enum Phase {
        STARTING,
        READY,
        STOPPING
    }

    /**
     * One process.
     *
     * @param readiness URL that answers 200 when the process is ready; null where a connection to
     *     the port says it
     * @param restarts how often it died and was started again
     */
    public record Entry(
            String name,
            ProcessIdentity process,
            int port,
            @Nullable String readiness,
            Instant since,
            int restarts) {}
}
