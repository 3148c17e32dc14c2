package dev.atrium.node.worker.wall;

import dev.atrium.registry.api.node.WallLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Starts every worker behind the best wall that stands here, and within its bounds. */
@Component
public final class Walls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Walls.class);

    private final WallProperties properties;
    private final WallChoice choice;
    private final Optional<ResourceGroups> groups;
    private final MemoryWatch watch;

    /** Blocks while the walls are tried. */
    Walls(WallProperties properties) {
        this.properties = properties;
        this.choice = WallChoice.make(properties);
        this.groups =
                ResourceGroups.find(
                        Path.of("/sys/fs/cgroup"),
                        Path.of("/proc/self/cgroup"),
                        properties.memory().toBytes(),
                        properties.processes());
        this.watch = new MemoryWatch(properties.memory().toBytes());
        if (level() == WallLevel.NONE) {
            LOG.warn("{} ({}). {}", words(), WallWords.faults(choice.faults()), WallWords.FIX);
        } else {
            LOG.info("walls around workers: {}", words());
        }
    }

    public WallLevel level() {
        return choice.wall().level();
    }

    /** Which wall stands and how memory is bounded. */
    public String words() {
        String memory = groups.isPresent() ? "memory by control groups" : "memory by a watch";
        return WallWords.of(level()) + "; " + memory;
    }

    /** Whether a worker should give up sockets by {@link Sockets#close} once it has connected. */
    public boolean sharesSockets() {
        return level() == WallLevel.LANDLOCK;
    }

    /** What to do where no wall stands. */
    public String fix() {
        return WallWords.FIX;
    }

    /**
     * Runs the builder's command in the room. The caller calls {@link #entered} when its own code
     * answers from inside.
     */
    public Enclosure start(Room room, ProcessBuilder builder) throws IOException {
        ResourceGroup group = groups.isPresent() ? groups.get().make() : null;
        try {
            List<Path> doors = group == null ? List.of() : group.doors();
            List<String> walled = choice.wall().around(room, new ArrayList<>(builder.command()));
            builder.command(Bounds.around(properties.scratch().toBytes(), doors, walled));
            return new Enclosure(ProcessStarter.start(builder), group);
        } catch (IOException e) {
            remove(group);
            throw e;
        }
    }

    /** From now on the enclosure knows its inner process. */
    public void entered(Enclosure enclosure) {
        enclosure.look();
        if (groups.isEmpty()) {
            watch.watch(enclosure, enclosure.pid());
        }
    }

    /** After its process has ended. */
    public void left(Enclosure enclosure) {
        remove(enclosure.group());
    }

    private void remove(@Nullable ResourceGroup group) {
        if (group != null) {
            groups.ifPresent(known -> known.remove(group));
        }
    }

    @Override
    public void close() {
        watch.close();
        groups.ifPresent(ResourceGroups::close);
    }
}
