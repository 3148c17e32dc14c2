package dev.atrium.registry.api.catalog;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One immutable build of a model.
 *
 * @param number counts from 1 inside the model; the {@code version} of the protocols
 * @param rejection why the state is REJECTED; null otherwise
 * @param bytes sum of the files
 */
public record ModelVersion(
        ModelVersionId id,
        ModelName model,
        int number,
        VersionState state,
        @Nullable String rejection,
        @Nullable Framework framework,
        Signature signature,
        VersionSettings settings,
        List<ModelFile> files,
        long bytes,
        @Nullable String description,
        Instant createdAt,
        String createdBy,
        List<String> aliases) {
    public ModelVersion {
        files = List.copyOf(files);
        aliases = List.copyOf(aliases);
    }
}
