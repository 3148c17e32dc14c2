package dev.atrium.node.worker.wall;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes control groups below the one this process is in, where the system lets it: as root, or
 * where the group was handed over to this user (systemd's {@code Delegate=}, a container with a
 * writable {@code /sys/fs/cgroup}).
 */
final class ResourceGroups {
    private static final Logger LOG = LoggerFactory.getLogger(ResourceGroups.class);
    private static final String PREFIX = "atrium-";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final Duration BETWEEN = Duration.ofMillis(20);

    /** Where groups can be made, and what to write into the files of each. */
    private record Parent(Path folder, List<Bound> bounds) {}

    private record Bound(String file, long value, boolean required) {}

    private final List<Parent> parents;

    /** Several nodes may live in one process, at least in tests. */
    private final String own = UUID.randomUUID().toString().substring(0, 8);

    private final AtomicInteger next = new AtomicInteger();
    private final Queue<ResourceGroup> left = new ConcurrentLinkedQueue<>();

    private ResourceGroups(List<Parent> parents) {
        this.parents = parents;
        parents.forEach(parent -> sweep(parent.folder()));
    }

    /** Empty where memory cannot be bounded by groups. */
    static Optional<ResourceGroups> find(Path root, Path ownGroups, long memory, int processes) {
        try {
            List<String> own = Files.readAllLines(ownGroups);
            Optional<ResourceGroups> found =
                    unified(root, own, memory, processes)
                            .or(() -> separate(root, own, memory, processes));
            return found.filter(ResourceGroups::works);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<ResourceGroups> unified(
            Path root, List<String> own, long memory, int processes) {
        Path folder = below(root, path(own, "0::"));
        if (!canBound(folder)) {
            return Optional.empty();
        }
        List<Bound> bounds =
                List.of(
                        new Bound("memory.max", memory, true),
                        new Bound("memory.swap.max", 0, false),
                        new Bound("pids.max", processes, false));
        return Optional.of(new ResourceGroups(List.of(new Parent(folder, bounds))));
    }

    /** A group whose children have resources may hold no process itself, but for the root. */
    private static boolean canBound(Path folder) {
        Path forChildren = folder.resolve("cgroup.subtree_control");
        try {
            if (!Files.readString(folder.resolve("cgroup.controllers")).contains("memory")) {
                return false;
            }
            if (!Files.readString(forChildren).contains("memory")) {
                moveSelf(folder);
                Files.writeString(forChildren, "+memory +pids");
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void moveSelf(Path folder) throws IOException {
        String self = Long.toString(ProcessHandle.current().pid());
        List<String> members = Files.readAllLines(folder.resolve("cgroup.procs"));
        if (members.equals(List.of(self))) {
            Path supervisor = folder.resolve("supervisor");
            Files.createDirectories(supervisor);
            Files.writeString(supervisor.resolve("cgroup.procs"), self);
        }
    }

    private static Optional<ResourceGroups> separate(
            Path root, List<String> own, long memory, int processes) {
        List<Parent> parents = new ArrayList<>();
        Path memoryRoot = root.resolve("memory");
        if (!Files.isDirectory(memoryRoot)) {
            return Optional.empty();
        }
        parents.add(
                new Parent(
                        below(memoryRoot, path(own, ":memory:")),
                        List.of(
                                new Bound("memory.limit_in_bytes", memory, true),
                                new Bound("memory.memsw.limit_in_bytes", memory, false))));
        Path processRoot = root.resolve("pids");
        if (Files.isDirectory(processRoot)) {
            parents.add(
                    new Parent(
                            below(processRoot, path(own, ":pids:")),
                            List.of(new Bound("pids.max", processes, false))));
        }
        return Optional.of(new ResourceGroups(parents));
    }

    private static String path(List<String> own, String marker) {
        return own.stream()
                .filter(line -> line.contains(marker))
                .map(line -> line.substring(line.indexOf(marker) + marker.length()))
                .findFirst()
                .orElse("/");
    }

    /** In a container the file may name a path that is not mounted here. */
    private static Path below(Path root, String path) {
        Path folder = root.resolve(path.substring(1)).normalize();
        return Files.isDirectory(folder) ? folder : root;
    }

    private boolean works() {
        try {
            ResourceGroup group = make();
            boolean canEnter = group.doors().stream().allMatch(Files::isWritable);
            group.remove();
            return canEnter;
        } catch (IOException e) {
            LOG.debug("control groups cannot be used", e);
            return false;
        }
    }

    /**
     * @throws IOException when one cannot be made, though that worked at the start
     */
    ResourceGroup make() throws IOException {
        left.removeIf(ResourceGroup::remove);
        long supervisor = ProcessHandle.current().pid();
        String name = PREFIX + supervisor + "-" + own + "-" + next.incrementAndGet();
        List<Path> folders = new ArrayList<>();
        ResourceGroup group = new ResourceGroup(folders);
        try {
            for (Parent parent : parents) {
                Path folder = Files.createDirectory(parent.folder().resolve(name));
                folders.add(folder);
                bound(folder, parent.bounds());
            }
            return group;
        } catch (IOException e) {
            group.remove();
            throw e;
        }
    }

    private static void bound(Path folder, List<Bound> bounds) throws IOException {
        for (Bound bound : bounds) {
            Path file = folder.resolve(bound.file());
            if (bound.required() || Files.exists(file)) {
                Files.writeString(file, Long.toString(bound.value()));
            }
        }
    }

    /** Now, or when its last process is gone. */
    void remove(ResourceGroup group) {
        if (!group.remove()) {
            left.add(group);
        }
    }

    /** The last processes may take a moment to go. */
    void close() {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        left.removeIf(ResourceGroup::remove);
        while (!left.isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(BETWEEN.toNanos());
            left.removeIf(ResourceGroup::remove);
        }
    }

    /** Supervisors that were killed leave theirs. */
    private static void sweep(Path folder) {
        try (DirectoryStream<Path> groups = Files.newDirectoryStream(folder, PREFIX + "*-*")) {
            for (Path group : groups) {
                String supervisor = group.getFileName().toString().split("-")[1];
                if (supervisor.matches("[0-9]{1,9}")
                        && ProcessHandle.of(Long.parseLong(supervisor)).isEmpty()) {
                    new ResourceGroup(List.of(group)).remove();
                }
            }
        } catch (IOException e) {
            LOG.debug("groups of former supervisors stay", e);
        }
    }
}
