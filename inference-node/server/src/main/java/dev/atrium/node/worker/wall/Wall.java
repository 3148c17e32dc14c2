package dev.atrium.node.worker.wall;

import dev.atrium.registry.api.node.WallLevel;
import java.io.IOException;
import java.util.List;

/** One way to shut a process in. */
interface Wall {
    WallLevel level();

    /** The command that runs another one behind this wall. */
    List<String> around(Room room, List<String> command) throws IOException;
}
