package dev.atrium.registry.api.node;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version that a node should hold.
 *
 * @param platformOwned whether the owner is the platform tenant, whose models may share a worker
 * @param pinned whether it is never unloaded to make room for another; null, from registries of
 *     former versions, is true
 */
public record PlacementOrder(
        PlacementId placementId,
        ModelVersionId versionId,
        TenantId tenantId,
        boolean platformOwned,
        ModelName model,
        int version,
        Task task,
        Framework framework,
        Signature signature,
        VersionSettings settings,
        List<ModelFile> files,
        @Nullable Boolean pinned) {
    public PlacementOrder {
        files = List.copyOf(files);
    }

    public PlacementOrder withPinned(@Nullable Boolean other) {
        return new PlacementOrder(
                placementId,
                versionId,
                tenantId,
                platformOwned,
                model,
                version,
                task,
                framework,
                signature,
                settings,
                files,
                other);
    }

    /** Not a property: its name must not look like one. */
    public boolean staysLoaded() {
        return pinned == null || pinned;
    }
}
