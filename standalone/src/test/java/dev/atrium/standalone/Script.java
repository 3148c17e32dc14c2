package dev.atrium.standalone;

import dev.atrium.standalone.distribution.Distribution;
import dev.atrium.standalone.distribution.Preparation;
import dev.atrium.standalone.process.ProcessIdentity;
import dev.atrium.standalone.settings.DataFolder;
import dev.atrium.standalone.settings.FreePorts;
import dev.atrium.standalone.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The script {@code atrium}, run as a process.
 *
 * <p>It lies in a folder of its own, beside nothing but what a build leaves, so that it finds no
 * source that is newer and never builds inside a test.
 *
 * @param home the folder of the script
 * @param environment everything that it sees
 */
record Script(Path home, Map<String, String> environment) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /**
     * What a command did.
     *
     * @param errors what it wrote on standard error
     */
    record Result(int exitCode, String output, String errors) {}

    /**
     * Puts the script where it finds what the build left, with free ports and no data.
     *
     * @param name of its folder
     */
    static Script install(String name) throws IOException {
        Path checkout = Path.of("").toAbsolutePath().getParent();
        Path target = checkout.resolve("standalone/target");
        Path folder = target.resolve(name);
        DataFolder data = new DataFolder(folder.resolve("data"));
        StandalonePlatform.discard(data);
        FileSystemUtils.deleteRecursively(folder);
        Path home = folder.resolve("home");
        Files.createDirectories(home.resolve("standalone/target"));
        Files.copy(
                checkout.resolve("atrium"),
                home.resolve("atrium"),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
        Path link = home.resolve("standalone/target/dist");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, distribution(checkout, target));

        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeIf(variable -> variable.startsWith("ATRIUM_"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("ATRIUM_DATA", data.path().toString());
        environment.putAll(FreePorts.asVariables());
        // There is no load here that the optimising compiler would pay for.
        environment.put("ATRIUM_NODE_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        environment.put("ATRIUM_GATEWAY_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        return new Script(home, environment);
    }

    /** The folder that {@code ./atrium build} makes, from what the build of this test left. */
    private static Path distribution(Path checkout, Path target) throws IOException {
        Distribution distribution = new Distribution(checkout, target.resolve("it-dist"));
        new Preparation(distribution, System.out::println).prepare(Preparation.Caches.TRAINED);
        Path launcher = Files.createDirectories(distribution.folder().resolve("standalone"));
        try (Stream<Path> libraries = Files.list(target.resolve("lib"));
                Stream<Path> built = Files.list(target)) {
            for (Path library : libraries.toList()) {
                copy(library, launcher.resolve(library.getFileName()));
            }
            Path jar =
                    built.filter(f -> f.getFileName().toString().matches("atrium-standalone-.*jar"))
                            .findFirst()
                            .orElseThrow();
            copy(jar, launcher.resolve("standalone.jar"));
        }
        Files.writeString(distribution.folder().resolve("built"), "");
        return distribution.folder();
    }

    /** Does nothing when it is there: a launcher may be running from it. */
    private static void copy(Path from, Path to) throws IOException {
        boolean same =
                Files.exists(to)
                        && Files.getLastModifiedTime(to).equals(Files.getLastModifiedTime(from));
        if (!same) {
            Files.copy(
                    from,
                    to,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    /** The same script with other variables. */
    Script with(Map<String, String> variables) {
        Map<String, String> changed = new HashMap<>(environment);
        changed.putAll(variables);
        return new Script(home, changed);
    }

    Settings settings() {
        return Settings.of(home, environment);
    }

    Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(path()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    /** Runs any command with the script's environment, with which it may call the script. */
    Result run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(home, "output", ".txt");
        Path errors = Files.createTempFile(home, "errors", ".txt");
        try {
            Process process = open(command, output, errors);
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " takes longer than " + PATIENCE);
            }
            return new Result(
                    process.exitValue(), Files.readString(output), Files.readString(errors));
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    /** Runs on; its lines go to the file. */
    Process open(List<String> command, Path output, Path errors) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(Path.of("/").toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** A signal that is ignored where the tests were started would be ignored by bash as well. */
    List<String> interruptible(String command) {
        return List.of("perl", "-e", "$SIG{INT} = 'DEFAULT'; exec @ARGV", path(), command);
    }

    /** The launcher, what it wrote down and whatever those have started. */
    List<ProcessIdentity> processes() throws Exception {
        JsonNode status = JsonMapper.shared().readTree(run("status", "--json").output());
        List<ProcessIdentity> found = new ArrayList<>();
        for (JsonNode process : status.path("processes")) {
            ProcessHandle handle = ProcessHandle.of(process.path("pid").asLong()).orElseThrow();
            found.add(ProcessIdentity.of(handle));
            handle.descendants().map(ProcessIdentity::of).forEach(found::add);
        }
        return found.stream().distinct().toList();
    }

    private String path() {
        return home.resolve("atrium").toString();
    }
}
