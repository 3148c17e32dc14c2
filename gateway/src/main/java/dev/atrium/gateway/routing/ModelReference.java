package dev.atrium.gateway.routing;

import org.jspecify.annotations.Nullable;

/**
 * A model as a caller names it.
 *
 * @param name {@code tenant/name}, or {@code name} for one of the caller's own tenant
 * @param version as written; null leaves the choice to the platform
 */
public record ModelReference(String name, @Nullable String version) {
    public static ModelReference withoutVersion(String name) {
        return new ModelReference(name, null);
    }
}
