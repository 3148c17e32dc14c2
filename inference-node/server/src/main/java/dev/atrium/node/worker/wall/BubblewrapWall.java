package dev.atrium.node.worker.wall;

import dev.atrium.registry.api.node.WallLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Namespaces of its own for each worker: in its file system there are the program, its model and a
 * scratch folder that vanishes with it; there is no network, no other process and nobody else's
 * user. A filter keeps it from starting processes and from the parts of the kernel that no model
 * needs.
 */
final class BubblewrapWall implements Wall {
    /** Descriptors can only be handed on by a shell; arguments travel in a file. */
    private static final String OPEN_FILES =
            "program=$1; filter=$2; arguments=$3; shift 3;"
                    + " exec \"$program\" --args 4 \"$@\" 3<\"$filter\" 4<\"$arguments\"";

    private static final String NOBODY = "65534";

    private final Path program;
    private final List<Path> files;
    private final byte[] filter;
    private final long scratchBytes;

    /**
     * @param files what the program reads
     */
    BubblewrapWall(Path program, List<Path> files, byte[] filter, long scratchBytes) {
        this.program = program;
        this.files = files;
        this.filter = filter;
        this.scratchBytes = scratchBytes;
    }

    @Override
    public WallLevel level() {
        return WallLevel.BUBBLEWRAP;
    }

    @Override
    public List<String> around(Room room, List<String> command) throws IOException {
        Path filterFile = Files.write(room.folder().resolve("filter"), filter);
        Path arguments = room.folder().resolve("wall");
        Files.write(arguments, zeroSeparated(arguments(room)));
        List<String> walled =
                new ArrayList<>(
                        List.of(
                                "/bin/sh",
                                "-c",
                                OPEN_FILES,
                                "sh",
                                program.toString(),
                                filterFile.toString(),
                                arguments.toString()));
        walled.addAll(command);
        return walled;
    }

    private List<String> arguments(Room room) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("--unshare-all", "--die-with-parent", "--new-session"));
        add(arguments, "--uid", NOBODY, "--gid", NOBODY, "--hostname", "worker");
        add(arguments, "--cap-drop", "ALL", "--seccomp", "3");
        add(arguments, "--proc", "/proc", "--dev", "/dev");
        for (Path path : ProgramFiles.system()) {
            if (Files.isSymbolicLink(path)) {
                add(arguments, "--symlink", Files.readSymbolicLink(path), path);
            } else {
                add(arguments, "--ro-bind", path, path);
            }
        }
        Path processors = Path.of("/sys/devices/system/cpu");
        add(arguments, "--ro-bind-try", processors, processors);
        for (Path file : files) {
            if (!file.startsWith("/usr")) {
                add(arguments, "--ro-bind", file, file);
            }
        }
        for (Path file : room.files()) {
            add(arguments, "--ro-bind", file, file);
        }
        add(arguments, "--ro-bind", room.folder(), room.folder());
        add(arguments, "--size", scratchBytes, "--tmpfs", room.scratch());
        add(arguments, "--remount-ro", "/dev", "--remount-ro", "/");
        add(arguments, "--chdir", room.scratch());
        return arguments;
    }

    private static void add(List<String> arguments, Object... more) {
        for (Object each : more) {
            arguments.add(each.toString());
        }
    }

    private static byte[] zeroSeparated(List<String> arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String argument : arguments) {
            bytes.writeBytes(argument.getBytes(StandardCharsets.UTF_8));
            bytes.write(0);
        }
        return bytes.toByteArray();
    }
}
