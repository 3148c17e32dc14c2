package dev.atrium.standalone.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Tries programs of the machine. */
final class Probe {
    private static final long LIMIT_SECONDS = 10;

    /** Of a program of ours, which starts a few more. */
    private static final long LONG_LIMIT_SECONDS = 120;

    private Probe() {}

    static boolean isInstalled(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(":"))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** What the command says, line by line; nothing when it cannot be run or says nothing. */
    static List<String> words(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("atrium-probe", ".txt");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .redirectOutput(output.toFile())
                            .start();
            if (!process.waitFor(LONG_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return Files.readAllLines(output);
        } finally {
            Files.delete(output);
        }
    }

    /** Whether the command ends with 0. */
    static boolean works(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }
}
