package dev.atrium.registry.api.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The name clients ask for.
 *
 * @param aliases alias to version number
 * @param own whether it belongs to the caller's tenant
 */
public record Model(
        ModelId id,
        ModelName name,
        Task task,
        Visibility visibility,
        List<String> sharedWith,
        @Nullable String description,
        Map<String, Integer> aliases,
        int versions,
        boolean own,
        Instant createdAt,
        Instant updatedAt) {
    public static final String PRODUCTION = "production";

    public Model {
        sharedWith = List.copyOf(sharedWith);
        aliases = Map.copyOf(aliases);
    }
}
