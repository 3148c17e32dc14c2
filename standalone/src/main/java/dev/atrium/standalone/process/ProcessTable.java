package dev.atrium.standalone.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@link RunState} in a file, replaced whole at every change, so that another command, or the
 * next launcher after a kill -9, knows every process by number and start time.
 */
public final class ProcessTable {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private RunState state;

    private ProcessTable(Path file, RunState state) {
        this.file = file;
        this.state = state;
    }

    /** Begins a new table in place of what the file says. */
    public static ProcessTable begin(Path file, RunState state) {
        ProcessTable table = new ProcessTable(file, state);
        table.write();
        return table;
    }

    /** What the file says; empty when there is none, or a cut-off one. */
    public static Optional<RunState> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readString(file), RunState.class));
        } catch (IOException | JacksonException unreadable) {
            return Optional.empty();
        }
    }

    public synchronized RunState state() {
        return state;
    }

    public synchronized void phase(RunState.Phase phase) {
        update(s -> copy(s, phase, s.readySeconds(), s.processes()));
    }

    public synchronized void ready(double seconds) {
        update(s -> copy(s, RunState.Phase.READY, seconds, s.processes()));
    }

    /** Notes a process, in place of the former one of the name. */
    public synchronized void put(RunState.Entry entry) {
        List<RunState.Entry> processes = new ArrayList<>(state.processes());
        int place = indexOf(processes, entry.name());
        if (place < 0) {
            processes.add(entry);
        } else {
            processes.set(place, entry);
        }
        update(s -> copy(s, s.phase(), s.readySeconds(), processes));
    }

    public synchronized void remove(String name) {
        List<RunState.Entry> processes = new ArrayList<>(state.processes());
        processes.removeIf(entry -> entry.name().equals(name));
        update(s -> copy(s, s.phase(), s.readySeconds(), processes));
    }

    private static int indexOf(List<RunState.Entry> processes, String name) {
        for (int i = 0; i < processes.size(); i++) {
            if (processes.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static RunState copy(
            RunState s,
            RunState.Phase phase,
            @Nullable Double readySeconds,
            List<RunState.Entry> processes) {
        return new RunState(
                phase,
                s.launcher(),
                s.startedAt(),
                readySeconds,
                s.gatewayUrl(),
                s.registryUrl(),
                s.portalUrl(),
                processes);
    }

    private void update(UnaryOperator<RunState> change) {
        state = change.apply(state);
        write();
    }

    private void write() {
        try {
            Path whole = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(whole, JSON.writeValueAsString(state));
            Files.move(
                    whole,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
