package dev.atrium.node.worker.wall;

import dev.atrium.registry.api.node.WallLevel;
import java.util.Map;
import java.util.stream.Collectors;

/** What is said of walls to the people who can build them. */
final class WallWords {
    static final String FIX =
            "Install bubblewrap (apt-get install bubblewrap) and let it make namespaces (Debian:"
                    + " sysctl -w kernel.unprivileged_userns_clone=1; Ubuntu 24.04: sysctl -w"
                    + " kernel.apparmor_restrict_unprivileged_userns=0; containers: the security_opt"
                    + " of docker-compose.yml), or run a kernel of 6.2 or newer with Landlock";

    private WallWords() {}

    static String of(WallLevel level) {
        return switch (level) {
            case BUBBLEWRAP -> "bubblewrap: own namespaces, no network, only its own model";
            case LANDLOCK -> "Landlock and seccomp: only its own model, no network, no processes";
            case NONE -> "no walls: only ONNX and the platform's own models run";
        };
    }

    static String faults(Map<WallLevel, String> faults) {
        return faults.entrySet().stream()
                .sorted(Map.Entry.<WallLevel, String>comparingByKey().reversed())
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining("; "));
    }
}
