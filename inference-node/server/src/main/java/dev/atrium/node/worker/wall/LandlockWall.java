package dev.atrium.node.worker.wall;

import dev.atrium.registry.api.node.WallLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Rights taken away from a process that otherwise stays among the others, for machines on which
 * namespaces are closed. Landlock holds for a thread and what it starts, so a small JVM restricts
 * itself and becomes the worker.
 */
final class LandlockWall implements Wall {
    private final Path java;
    private final String classPath;
    private final List<Path> files;

    /**
     * @param files what the program reads
     */
    LandlockWall(Path java, String classPath, List<Path> files) {
        this.java = java;
        this.classPath = classPath;
        this.files = files;
    }

    @Override
    public WallLevel level() {
        return WallLevel.LANDLOCK;
    }

    @Override
    public List<String> around(Room room, List<String> command) throws IOException {
        Path readable = room.folder().resolve("wall");
        List<String> paths =
                Stream.of(ProgramFiles.system(), files, room.files(), List.of(room.folder()))
                        .flatMap(List::stream)
                        .map(Path::toString)
                        .toList();
        Files.write(readable, paths);
        List<String> launcher =
                new ArrayList<>(
                        List.of(
                                java.toString(),
                                "-Xmx32m",
                                "-Xshare:auto",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-XX:-UsePerfData",
                                "--enable-native-access=ALL-UNNAMED"));
        launcher.addAll(List.of("-cp", classPath, LandlockLauncher.class.getName()));
        launcher.addAll(List.of(readable.toString(), room.scratch().toString()));
        launcher.addAll(command);
        return launcher;
    }
}
