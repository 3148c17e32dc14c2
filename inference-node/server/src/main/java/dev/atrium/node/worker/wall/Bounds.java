package dev.atrium.node.worker.wall;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a worker may take, said to the kernel by the process that becomes it, so that not a moment
 * of it is without bounds.
 */
final class Bounds {
    /** The last resort of a machine without memory takes a worker before its supervisor. */
    private static final String SCRIPT =
            """
            { echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null || :
            ulimit -c 0
            ulimit -f "$1" || exit 125
            shift
            while [ "$1" != -- ]; do
                echo $$ >"$1" || exit 125
                shift
            done
            shift
            exec "$@"
            """;

    /** Unit of the shell's {@code ulimit -f}. */
    private static final int BLOCK = 512;

    private Bounds() {}

    /**
     * @param fileBytes largest file that it may write
     * @param doors control groups it enters
     */
    static List<String> around(long fileBytes, List<Path> doors, List<String> command) {
        List<String> bounded = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "sh"));
        bounded.add(Long.toString(fileBytes / BLOCK));
        doors.forEach(door -> bounded.add(door.toString()));
        bounded.add("--");
        bounded.addAll(command);
        return bounded;
    }
}
