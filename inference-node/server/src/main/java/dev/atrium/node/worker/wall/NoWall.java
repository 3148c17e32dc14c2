package dev.atrium.node.worker.wall;

import dev.atrium.registry.api.node.WallLevel;
import java.util.List;

/** For machines that can build none. */
final class NoWall implements Wall {
    @Override
    public WallLevel level() {
        return WallLevel.NONE;
    }

    @Override
    public List<String> around(Room room, List<String> command) {
        return command;
    }
}
