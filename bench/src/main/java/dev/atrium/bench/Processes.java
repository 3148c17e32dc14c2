package dev.atrium.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Processes of a benchmark, in a folder that goes away with them. */
final class Processes implements AutoCloseable {
    private static final Duration READY = Duration.ofMinutes(5);

    /** The same heap and collector for everybody. */
    private static final List<String> OPTIONS =
            List.of(
                    "-Xms512m",
                    "-Xmx512m",
                    "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED");

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();

    Processes() throws IOException {
        folder = Files.createTempDirectory("atrium-bench");
    }

    Path folder() {
        return folder;
    }

    /**
     * @param arguments of {@code java}, after the options that all have in common
     */
    Process java(String name, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve(name + ".log").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** One that is spoken to by its standard input and output. */
    Process startTalking(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        processes.add(process);
        return process;
    }

    /** Waits until it answers anything, with {@code status} if that is not 0. */
    void awaitAnswer(String name, String url, int status) throws IOException, InterruptedException {
        long end = System.nanoTime() + READY.toNanos();
        while (!answers(url, status)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        name
                                + " is not ready:\n"
                                + Files.readString(folder.resolve(name + ".log")));
            }
            Thread.sleep(200);
        }
    }

    private static boolean answers(String url, int status) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            return status == 0 || connection.getResponseCode() == status;
        } catch (IOException notYet) {
            return false;
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
