package dev.atrium.bench;

import java.io.IOException;
import java.util.stream.Stream;

/** A node and its workers under load. */
record NodeTarget(int port, ProcessHandle process) {

    /** Of the node and all that it has started. */
    double cpuSeconds() {
        return Stream.concat(Stream.of(process), process.descendants())
                .mapToDouble(NodeTarget::seconds)
                .sum();
    }

    private static double seconds(ProcessHandle handle) {
        try {
            return new Target("", "", "", handle).cpuSeconds();
        } catch (IOException gone) {
            return 0;
        }
    }
}
