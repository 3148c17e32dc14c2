package dev.atrium.node.worker;

import dev.atrium.node.worker.child.EngineUnpacking;
import dev.atrium.node.worker.child.WorkerMain;
import dev.atrium.node.worker.wall.Enclosure;
import dev.atrium.node.worker.wall.ProgramFiles;
import dev.atrium.node.worker.wall.Room;
import dev.atrium.node.worker.wall.Walls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The one place where a worker's command line and environment are made; {@link Walls} go in front
 * of it.
 *
 * <p>Arguments travel in a file, because long command lines crash some native libraries. The
 * environment is built from nothing, so that no secret of the supervisor is inherited.
 */
final class WorkerCommand {
    /** Where accelerators say what they have; none of it is secret. */
    private static final List<String> INHERITED =
            List.of("LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES");

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final WorkerProperties properties;
    private final Walls walls;
    private final String classPath;
    private final List<String> libraries;
    private final UnpackedEngines engines;

    WorkerCommand(WorkerProperties properties, Walls walls) throws IOException {
        this.properties = properties;
        this.walls = walls;
        this.libraries = new NativeLibraries(properties.nativeDir()).properties();
        this.classPath = ProgramFiles.classPath();
        this.engines = UnpackedEngines.begin(properties.nativeDir(), classPath, unpacking());
    }

    /**
     * @param visible the only files of the node that the worker can read, beside the program
     * @param threads of a computation, for libraries that ask the environment
     */
    Enclosure start(WorkerFolder folder, List<Path> visible, int threads) throws IOException {
        engines.await();
        Files.write(folder.arguments(), arguments(folder));
        ProcessBuilder builder =
                new ProcessBuilder(JAVA, "@" + folder.arguments())
                        .directory(folder.scratch().toFile())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        environment(builder.environment(), folder.scratch(), threads);
        List<Path> files = new ArrayList<>(visible);
        files.add(properties.nativeDir().toAbsolutePath());
        return walls.start(new Room(folder.path(), folder.scratch(), files), builder);
    }

    /** Without a wall, and without a model. */
    private ProcessBuilder unpacking() throws IOException {
        Path folder = properties.nativeDir().toAbsolutePath();
        ProcessBuilder builder =
                new ProcessBuilder(
                        JAVA,
                        "-Xmx128m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dai.djl.offline=true",
                        "-cp",
                        classPath,
                        EngineUnpacking.class.getName());
        environment(builder.environment(), Files.createDirectories(folder.resolve("tmp")), 1);
        return builder;
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
        arguments.add("-XX:-UsePerfData");
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
        arguments.add(Boolean.toString(walls.sharesSockets()));
        return arguments;
    }

    private void environment(Map<String, String> environment, Path scratch, int threads) {
        Map<String, String> inherited =
                INHERITED.stream()
                        .filter(environment::containsKey)
                        .collect(Collectors.toMap(name -> name, environment::get));
        environment.clear();
        environment.putAll(inherited);
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("HOME", scratch.toString());
        environment.put("TMPDIR", scratch.toString());
        environment.put("ORT_DISABLE_TELEMETRY", "1");
        environment.put("DJL_OFFLINE", "true");
        environment.put(
                "DJL_CACHE_DIR", properties.nativeDir().toAbsolutePath().resolve("djl").toString());
        environment.put("OMP_NUM_THREADS", Integer.toString(threads));
        // Each arena of malloc keeps its own peak.
        environment.put("MALLOC_ARENA_MAX", "2");
    }

    /** Argument files have quotes, in which a backslash is an escape. */
    private static String quoted(Object value) {
        return "\"" + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
