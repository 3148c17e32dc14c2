package dev.atrium.node.worker;

import dev.atrium.node.worker.wall.ProcessEnd;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Libraries that engines unpack by themselves, unpacked once for all workers of this program:
 * behind their walls they cannot.
 */
final class UnpackedEngines {
    private static final Logger LOG = LoggerFactory.getLogger(UnpackedEngines.class);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final CompletableFuture<Void> done;

    private UnpackedEngines(CompletableFuture<Void> done) {
        this.done = done;
    }

    /**
     * Begins; the first worker waits for the end.
     *
     * @param command runs {@link dev.atrium.node.worker.child.EngineUnpacking}
     */
    static UnpackedEngines begin(Path folder, String classPath, ProcessBuilder command)
            throws IOException {
        Path sign = Files.createDirectories(folder).resolve(".unpacked-" + fingerprint(classPath));
        if (Files.exists(sign)) {
            return new UnpackedEngines(CompletableFuture.completedFuture(null));
        }
        Process process =
                command.redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return new UnpackedEngines(
                ProcessEnd.of(process)
                        .orTimeout(LONGEST.toSeconds(), TimeUnit.SECONDS)
                        .handle((ended, late) -> {
                            process.destroyForcibly();
                            if (late == null && ended.exitValue() == 0) {
                                note(sign);
                            } else {
                                LOG.warn("an engine's libraries could not all be unpacked");
                            }
                            return null;
                        }));
    }

    private static void note(Path sign) {
        try {
            Files.writeString(sign, "");
        } catch (IOException e) {
            LOG.warn("engines will be unpacked again at the next start: {}", e.getMessage());
        }
    }

    /** Other jars, other libraries. */
    private static String fingerprint(String classPath) throws IOException {
        CRC32 sum = new CRC32();
        for (String entry : classPath.split(File.pathSeparator)) {
            Path path = Path.of(entry);
            if (Files.isRegularFile(path)) {
                sum.update((path.getFileName() + " " + Files.size(path)).getBytes());
            }
        }
        return Long.toHexString(sum.getValue());
    }

    void await() {
        done.join();
    }
}
