package dev.atrium.node.worker.wall;

import dev.atrium.node.storage.Trees;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Tries a wall by running {@link WallProbe} behind it. */
final class Trial {
    private static final long LIMIT_SECONDS = 30;

    private final Path java;
    private final String classPath;

    Trial(Path java, String classPath) {
        this.java = java;
        this.classPath = classPath;
    }

    /** Why it does not hold; empty when it does. */
    Optional<String> fault(Wall wall) {
        try {
            Path outside = Files.createTempDirectory("atrium-wall");
            try {
                return fault(wall, outside);
            } finally {
                Trees.remove(outside);
            }
        } catch (IOException e) {
            return Optional.of("cannot be tried: " + e.getMessage());
        }
    }

    private Optional<String> fault(Wall wall, Path outside) throws IOException {
        Path secret = Files.writeString(outside.resolve("secret"), "secret");
        Path readable = Files.writeString(outside.resolve("model"), "model");
        Path folder = Files.createDirectory(outside.resolve("worker"));
        Path scratch = Files.createDirectory(folder.resolve("tmp"));
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> probe =
                    List.of(
                            java.toString(),
                            "-Xmx16m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-XX:-UsePerfData",
                            "-cp",
                            classPath,
                            WallProbe.class.getName(),
                            readable.toString(),
                            scratch.toString(),
                            secret.toString(),
                            outside.toString(),
                            Integer.toString(door.getLocalPort()));
            Room room = new Room(folder, scratch, List.of(readable));
            Optional<String> fault = run(wall.around(room, probe), outside.resolve("words"));
            return fault.isEmpty() && Files.exists(outside.resolve(WallProbe.LEFT))
                    ? Optional.of("a process behind it writes outside")
                    : fault;
        }
    }

    private static Optional<String> run(List<String> command, Path words) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(words.toFile());
        Process process = ProcessStarter.start(builder);
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.of("did not answer in time");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return Optional.of("was not tried to the end");
        }
        if (process.exitValue() == 0) {
            return Optional.empty();
        }
        return Optional.of(
                Files.readString(words, StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isBlank())
                        .reduce((earlier, last) -> earlier.contains("behind it") ? earlier : last)
                        .orElse("ended with exit code " + process.exitValue()));
    }
}
