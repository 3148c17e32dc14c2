package dev.atrium.standalone.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where the unpacked services are, and how each is run.
 *
 * @param home the checkout
 * @param folder where the services are unpacked
 */
public record Distribution(Path home, Path folder) {
    private static final List<String> COMMON_OPTIONS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Xss512k",
                    "--enable-native-access=ALL-UNNAMED");

    /** The one that the script {@code atrium} uses. */
    public static Distribution of(Path home) {
        return new Distribution(home, home.resolve("standalone/target/dist"));
    }

    /** PostgreSQL's programs, unpacked once per build and not in a folder that everybody shares. */
    public Path postgres() {
        return folder().resolve("postgres");
    }

    Path folder(ServiceName service) {
        return folder().resolve(service.title());
    }

    Path jar(ServiceName service) {
        return folder(service).resolve(service.title() + ".jar");
    }

    Path cache(ServiceName service) {
        return folder(service).resolve(service.title() + ".aot");
    }

    /** Services that the build has not left here. */
    public List<ServiceName> missing() {
        return Stream.of(ServiceName.values())
                .filter(service -> !Files.exists(jar(service)))
                .toList();
    }

    /** The command that runs a service, with its start-up cache where there is one. */
    public List<String> command(ServiceName service, Map<String, String> environment) {
        // A cache that no longer fits is only slower; its many warnings would fill the log.
        List<String> cacheOption =
                Files.exists(cache(service))
                        ? List.of("-XX:AOTCache=" + cache(service), "-Xlog:aot*=error")
                        : List.of();
        return command(service, cacheOption, environment);
    }

    List<String> command(
            ServiceName service, List<String> extraOptions, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(java().toString());
        command.addAll(COMMON_OPTIONS);
        command.addAll(service.jvmOptions());
        command.addAll(extraOptions);
        String own = environment.getOrDefault(service.optionsVariable(), "");
        Stream.of(own.split("\\s+")).filter(option -> !option.isEmpty()).forEach(command::add);
        command.add("-jar");
        command.add(jar(service).toString());
        return command;
    }

    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** Runs another main class of a service's program. */
    public List<String> command(ServiceName service, String mainClass) {
        return List.of(
                java().toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                jar(service).toString(),
                mainClass);
    }

    /** The repackaged jar of the last build. */
    Path built(ServiceName service) throws IOException {
        Path target = home.resolve(service.target());
        try (Stream<Path> files = Files.isDirectory(target) ? Files.list(target) : Stream.of()) {
            return files.filter(file -> isExecutable(service, file.getFileName().toString()))
                    .findFirst()
                    .orElseThrow(() ->
                            new IOException(
                                    target
                                            + " has no "
                                            + service.artifact()
                                            + "-*-exec.jar;"
                                            + " build first: ./mvnw package -DskipTests"));
        }
    }

    private static boolean isExecutable(ServiceName service, String file) {
        return file.startsWith(service.artifact() + "-") && file.endsWith("-exec.jar");
    }
}
