package dev.atrium.registry.artifact;

import dev.atrium.fuzz.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.util.unit.DataSize;

/** Model files as owners upload them. */
public final class UploadTarget implements Target {
    private static final List<String> NAMES = List.of("m.onnx", "m.pt", "m.gguf");

    private final ArtifactInspection inspection;
    private final Path file;

    public UploadTarget() {
        try {
            Path folder = Files.createTempDirectory("fuzz");
            file = folder.resolve("upload");
            inspection =
                    new ArtifactInspection(
                            new ArtifactProperties(
                                    folder, DataSize.ofMegabytes(1), Duration.ofSeconds(10), 1));
            file.toFile().deleteOnExit();
            folder.toFile().deleteOnExit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(ModelBytes.onnx(), ModelBytes.torchScript(), ModelBytes.gguf());
    }

    @Override
    public void read(byte[] input) throws IOException {
        Files.write(file, input);
        for (String name : NAMES) {
            inspection.inspect(Map.of(name, file));
        }
    }
}
