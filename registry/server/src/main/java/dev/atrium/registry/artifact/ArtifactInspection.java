package dev.atrium.registry.artifact;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.WarmUpFile;
import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import dev.atrium.registry.artifact.format.Deadline;
import dev.atrium.registry.artifact.format.FileBytes;
import dev.atrium.registry.artifact.format.FileKind;
import dev.atrium.registry.artifact.gguf.GgufFile;
import dev.atrium.registry.artifact.onnx.OnnxFile;
import dev.atrium.registry.artifact.tokenizer.TokenizerFile;
import dev.atrium.registry.artifact.torchscript.TorchScriptFile;
import dev.atrium.registry.artifact.warmup.WarmUpCalls;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;

/**
 * The bounded look at the files of a version: what they are, whether the product runs such a thing,
 * and what the file says about itself. At most a few run at a time, whatever the number of uploads.
 */
@Service
public class ArtifactInspection {
    private static final int MAX_REASON = 600;
    private static final Map<Framework, Set<String>> ENDINGS =
            Map.of(
                    Framework.ONNX, Set.of("onnx"),
                    Framework.TORCHSCRIPT, Set.of("pt", "pth", "ts", "torchscript"),
                    Framework.GGUF, Set.of("gguf"));

    private final ArtifactProperties properties;
    private final Semaphore running;

    ArtifactInspection(ArtifactProperties properties) {
        this.properties = properties;
        this.running = new Semaphore(properties.concurrentInspections(), true);
    }

    /**
     * @param files by name; reads each at least once, so it takes as long as the disk does
     */
    public Inspection inspect(Map<String, Path> files) {
        running.acquireUninterruptibly();
        try {
            return accept(files, Deadline.in(properties.inspectionTime()));
        } catch (ArtifactRejectedException e) {
            return new Inspection.Rejected(printable(String.valueOf(e.getMessage())));
        } finally {
            running.release();
        }
    }

    private static Inspection.Accepted accept(Map<String, Path> files, Deadline deadline) {
        Set<String> models =
                files.keySet().stream()
                        .filter(name -> !TokenizerFile.isAllowed(name))
                        .filter(name -> !name.equals(WarmUpFile.NAME))
                        .collect(Collectors.toSet());
        if (models.size() != 1) {
            throw new ArtifactRejectedException(
                    models.isEmpty()
                            ? "there is no model file. " + FileKind.accepted()
                            : "a version is one model file, with tokenizer files beside an ONNX"
                                    + " model, and "
                                    + WarmUpFile.NAME
                                    + " beside any; these do not fit: "
                                    + models.stream().sorted().collect(Collectors.joining(", ")));
        }
        String model = models.iterator().next();
        Inspection.Accepted accepted = inspectModel(model, files, deadline);
        boolean hasTokenizer = files.keySet().stream().anyMatch(TokenizerFile::isAllowed);
        if (hasTokenizer && accepted.framework() != Framework.ONNX) {
            throw new ArtifactRejectedException(
                    "tokenizer files belong beside an ONNX model; upload "
                            + model
                            + " alone, a "
                            + accepted.framework()
                            + " file needs none");
        }
        files.forEach((name, file) -> {
            if (name.equals(WarmUpFile.NAME)) {
                WarmUpCalls.inspect(file, deadline);
            } else if (!name.equals(model)) {
                TokenizerFile.inspect(name, file, deadline);
            }
        });
        return accepted;
    }

    private static Inspection.Accepted inspectModel(
            String name, Map<String, Path> files, Deadline deadline) {
        Path path = files.get(name);
        boolean tokenizer = files.containsKey(TokenizerFile.TOKENIZER);
        try (FileBytes file = FileBytes.open(java.util.Objects.requireNonNull(path), deadline)) {
            FileKind kind = FileKind.of(file);
            kind.refusal()
                    .ifPresent(reason -> {
                        throw new ArtifactRejectedException(reason);
                    });
            Framework framework =
                    kind == FileKind.GGUF
                            ? Framework.GGUF
                            : kind == FileKind.ZIP ? Framework.TORCHSCRIPT : Framework.ONNX;
            Inspection.Accepted accepted = inspect(framework, file, tokenizer);
            requireEnding(name, framework);
            return accepted;
        }
    }

    private static Inspection.Accepted inspect(
            Framework framework, FileBytes file, boolean tokenizer) {
        return switch (framework) {
            case ONNX ->
                    new Inspection.Accepted(framework, OnnxFile.inspect(file), null, tokenizer);
            case GGUF ->
                    new Inspection.Accepted(
                            framework,
                            Signature.UNKNOWN,
                            GgufFile.inspect(file).contextLength(),
                            false);
            case TORCHSCRIPT -> {
                TorchScriptFile.inspect(file);
                yield new Inspection.Accepted(framework, Signature.UNKNOWN, null, false);
            }
        };
    }

    private static void requireEnding(String name, Framework framework) {
        Set<String> endings = ENDINGS.getOrDefault(framework, Set.of());
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (!endings.contains(ending)) {
            throw new ArtifactRejectedException(
                    name
                            + " holds a "
                            + framework
                            + " model; give it a name that ends in "
                            + endings.stream().sorted().collect(Collectors.joining(", ")));
        }
    }

    /** Names out of the file end up in answers and logs. */
    private static String printable(String reason) {
        String clean = reason.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= MAX_REASON ? clean : clean.substring(0, MAX_REASON) + "…";
    }
}
