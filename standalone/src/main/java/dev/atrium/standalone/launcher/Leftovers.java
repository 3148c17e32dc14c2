package dev.atrium.standalone.launcher;

import dev.atrium.standalone.distribution.ServiceName;
import dev.atrium.standalone.process.ProcessIdentity;
import dev.atrium.standalone.process.ProcessTable;
import dev.atrium.standalone.process.RunState;
import dev.atrium.standalone.settings.DataFolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Services that outlived a killed launcher: found by the number and the start time that it wrote
 * down, stopped in order. PostgreSQL is left to {@link Database}, which uses it again.
 */
public final class Leftovers {
    private static final Duration POLITE = Duration.ofSeconds(15);
    private static final Duration FORCED = Duration.ofSeconds(5);

    private Leftovers() {}

    /**
     * To be called while no launcher runs.
     *
     * @return names of what was stopped
     */
    public static List<String> stop(DataFolder data) {
        Optional<RunState> left = ProcessTable.read(data.state());
        List<String> stopped = new ArrayList<>();
        List<RunState.Entry> entries = left.map(RunState::processes).orElse(List.of());
        for (ServiceName service : List.of(ServiceName.values()).reversed()) {
            for (RunState.Entry entry : entries) {
                Optional<ProcessHandle> process = entry.process().find();
                if (process.isPresent() && service.isTitleOf(entry.name())) {
                    Ending.end(process.get(), POLITE, FORCED);
                    stopped.add(entry.name());
                }
            }
        }
        return stopped;
    }

    /** The launcher that the data folder names, while it lives. */
    public static Optional<ProcessHandle> launcher(DataFolder data) {
        return ProcessTable.read(data.state())
                .map(RunState::launcher)
                .flatMap(ProcessIdentity::find);
    }
}
