package dev.atrium.node.engine;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an engine needs to load one version.
 *
 * @param signature as the registry knows it; empty where the file does not say
 * @param files verified local files by their name in the version
 * @param threads threads that one computation may use
 * @param parallel computations that may run at the same time
 * @param copies of the model in memory, each with threads of its own
 * @param gpu the number of the GPU that computes; null for the CPU
 */
public record ModelSource(
        Framework framework,
        Task task,
        Signature signature,
        VersionSettings settings,
        Map<String, Path> files,
        int threads,
        int parallel,
        int copies,
        @Nullable Integer gpu) {

    public ModelSource {
        files = Map.copyOf(files);
    }

    /** One copy on the CPU. */
    public ModelSource(
            Framework framework,
            Task task,
            Signature signature,
            VersionSettings settings,
            Map<String, Path> files,
            int threads,
            int parallel) {
        this(framework, task, signature, settings, files, threads, parallel, 1, null);
    }

    /** The same version, its files elsewhere. */
    public ModelSource withFiles(Map<String, Path> elsewhere) {
        return new ModelSource(
                framework, task, signature, settings, elsewhere, threads, parallel, copies, gpu);
    }

    /** The only file with one of these endings. */
    public Path modelFile(String... endings) {
        var found =
                files.entrySet().stream()
                        .filter(file -> endsWith(file.getKey(), endings))
                        .map(Map.Entry::getValue)
                        .toList();
        if (found.size() != 1) {
            throw EngineException.failed(
                    "the version must hold exactly one "
                            + String.join(" or ", endings)
                            + " file, but holds "
                            + found.size(),
                    null);
        }
        return found.getFirst();
    }

    public Optional<Path> file(String name) {
        return Optional.ofNullable(files.get(name));
    }

    private static boolean endsWith(String name, String... endings) {
        for (String ending : endings) {
            if (name.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }
}
