package dev.atrium.gateway.routing;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model as a caller names it.
 *
 * @param name {@code tenant/name}, or {@code name} for one of the caller's own tenant
 * @param version as written; null leaves the choice to the platform
 */
public record ModelReference(String name, @Nullable String version) {
    /**
     * {@code {model}[/versions/{v}]}, the model with or without its tenant; empty when it is none.
     */
    public static Optional<ModelReference> ofPath(List<String> segments) {
        int size = segments.size();
        boolean versioned = size > 2 && segments.get(size - 2).equals("versions");
        List<String> name = versioned ? segments.subList(0, size - 2) : segments;
        if (name.isEmpty() || name.size() > 2) {
            return Optional.empty();
        }
        return Optional.of(
                new ModelReference(String.join("/", name), versioned ? segments.getLast() : null));
    }

    public static ModelReference withoutVersion(String name) {
        return new ModelReference(name, null);
    }
}
