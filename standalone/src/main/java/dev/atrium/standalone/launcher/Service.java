package dev.atrium.standalone.launcher;

import dev.atrium.standalone.distribution.ServiceName;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What it takes to run one process of a service.
 *
 * @param title names its folder, its log and its lines on the console
 * @param port its main listener, for people
 * @param readiness URL that answers 200 when it can work
 * @param after titles of those that must be ready before it can become ready
 */
record Service(
        ServiceName name,
        String title,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        int port,
        String address,
        String readiness,
        Set<String> after) {
    Service {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        after = Set.copyOf(after);
    }

    /** The same with these variables. */
    Service with(Map<String, String> variables) {
        Map<String, String> changed = new HashMap<>(environment);
        changed.putAll(variables);
        return new Service(
                name, title, command, changed, directory, port, address, readiness, after);
    }

    /** A folder for temporary files inside a service's own; emptied before each start. */
    static Path temporary(Path directory) {
        return directory.resolve("tmp");
    }
}
