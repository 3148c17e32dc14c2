package dev.atrium.node.worker;

import dev.atrium.node.worker.child.WorkerMain;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The one place where a worker's command line and environment are made; a sandbox goes in front of
 * it here.
 *
 * <p>Arguments travel in a file, because long command lines crash some native libraries. The
 * environment is built from nothing, so that no secret of the supervisor is inherited.
 */
final class WorkerCommand {
    /** Where accelerators say what they have; none of it is secret. */
    private static final List<String> INHERITED =
            List.of("LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES");

    private final WorkerProperties properties;
    private final String classPath;
    private final List<String> libraries;

    WorkerCommand(WorkerProperties properties) {
        this.properties = properties;
        this.libraries = new NativeLibraries(properties.nativeDir()).properties();
        this.classPath = absolute(System.getProperty("java.class.path"));
    }

    Process start(WorkerFolder folder) throws IOException {
        Files.write(folder.arguments(), arguments(folder));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder =
                new ProcessBuilder(java.toString(), "@" + folder.arguments())
                        .directory(folder.scratch().toFile())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        environment(builder.environment(), folder);
        return builder.start();
    }

    private List<String> arguments(WorkerFolder folder) {
        List<String> arguments = new ArrayList<>();
        arguments.add("-Xms16m");
        arguments.add("-Xmx" + properties.heap().toMegabytes() + "m");
        arguments.add("-XX:MaxDirectMemorySize=" + 2 * properties.maxFrame().toMegabytes() + "m");
        arguments.add("-XX:+UseSerialGC");
        arguments.add("-XX:+UseCompactObjectHeaders");
        // Gives heap back soon: a worker idles most of its life.
        arguments.add("-XX:MinHeapFreeRatio=10");
        arguments.add("-XX:MaxHeapFreeRatio=20");
        arguments.add("-XX:TieredStopAtLevel=1");
        arguments.add("-XX:ReservedCodeCacheSize=32m");
        arguments.add("-XX:+ExitOnOutOfMemoryError");
        arguments.add("-XX:-CreateCoredumpOnCrash");
        arguments.add("-XX:ErrorFile=" + quoted(folder.scratch().resolve("crash.log")));
        arguments.add("-Xshare:auto");
        arguments.add("--enable-native-access=ALL-UNNAMED");
        arguments.add("-Djava.io.tmpdir=" + quoted(folder.scratch()));
        arguments.add("-Djdk.nio.maxCachedBufferSize=262144");
        arguments.add("-Dai.djl.offline=true");
        // DJL logs through SLF4J; a logging framework would cost every worker memory and time.
        arguments.add("-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider");
        arguments.add("-Dslf4j.internal.verbosity=WARN");
        libraries.forEach(property -> arguments.add(quoted(property)));
        arguments.add("-cp");
        arguments.add(quoted(classPath));
        arguments.add(WorkerMain.class.getName());
        arguments.add(quoted(folder.socket()));
        arguments.add(Long.toString(properties.maxHead().toBytes()));
        arguments.add(Long.toString(properties.maxFrame().toBytes()));
        return arguments;
    }

    private void environment(Map<String, String> environment, WorkerFolder folder) {
        Map<String, String> inherited =
                INHERITED.stream()
                        .filter(environment::containsKey)
                        .collect(Collectors.toMap(name -> name, environment::get));
        environment.clear();
        environment.putAll(inherited);
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("HOME", folder.scratch().toString());
        environment.put("TMPDIR", folder.scratch().toString());
        environment.put("ORT_DISABLE_TELEMETRY", "1");
        environment.put("DJL_OFFLINE", "true");
        environment.put(
                "DJL_CACHE_DIR", properties.nativeDir().toAbsolutePath().resolve("djl").toString());
        environment.put("OMP_NUM_THREADS", Integer.toString(properties.threads()));
        // Each arena of malloc keeps its own peak.
        environment.put("MALLOC_ARENA_MAX", "2");
    }

    private static String absolute(String classPath) {
        return List.of(classPath.split(File.pathSeparator)).stream()
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Argument files have quotes, in which a backslash is an escape. */
    private static String quoted(Object value) {
        return "\"" + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
