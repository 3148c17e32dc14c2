package dev.atrium.node.worker.wall;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's control groups of one worker.
 *
 * @param folders one where all resources are in one hierarchy (version 2), else one for each
 */
record ResourceGroup(List<Path> folders) {
    private static final Logger LOG = LoggerFactory.getLogger(ResourceGroup.class);

    /** Files that a process writes its id to, to be in the group. */
    List<Path> doors() {
        return folders.stream().map(folder -> folder.resolve("cgroup.procs")).toList();
    }

    /** Whether the kernel ended a process of it for want of memory. */
    boolean hasKilled() {
        return folders.stream().anyMatch(ResourceGroup::hasKilled);
    }

    private static boolean hasKilled(Path folder) {
        for (String file : List.of("memory.events", "memory.oom_control")) {
            Path counts = folder.resolve(file);
            try {
                if (Files.exists(counts)
                        && Files.readAllLines(counts).stream()
                                .anyMatch(line -> line.matches("oom_kill [1-9][0-9]*"))) {
                    return true;
                }
            } catch (IOException e) {
                LOG.debug("{} cannot be read", counts, e);
            }
        }
        return false;
    }

    /** Whether it is gone; it stays while a process is still in it. */
    boolean remove() {
        boolean gone = true;
        for (Path folder : folders) {
            try {
                Files.deleteIfExists(folder);
            } catch (IOException e) {
                gone = false;
            }
        }
        return gone;
    }
}
