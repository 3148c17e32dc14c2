package dev.atrium.registry.api.node;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node has.
 *
 * @param memoryBytes memory it may give to models
 * @param sandbox which walls stand around tenant workers, in words
 * @param wall the same as a level; null from nodes of former versions
 * @param devices on which it can compute, as {@link
 *     dev.atrium.registry.api.deployment.Execution#device} names them; null from nodes of former
 *     versions, which have a CPU
 */
public record NodeCapacity(
        int cpus,
        long memoryBytes,
        String sandbox,
        @Nullable WallLevel wall,
        @Nullable List<String> devices) {
    public NodeCapacity {
        devices = devices == null ? null : List.copyOf(devices);
    }

    public NodeCapacity(int cpus, long memoryBytes, String sandbox, @Nullable WallLevel wall) {
        this(cpus, memoryBytes, sandbox, wall, null);
    }
}
