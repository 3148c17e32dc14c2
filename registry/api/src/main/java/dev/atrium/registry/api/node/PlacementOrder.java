package dev.atrium.registry.api.node;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A version that a node should hold.
 *
 * @param platformOwned whether the owner is the platform tenant, whose models may share a worker
 * @param pinned whether it is never unloaded to make room for another; null, from registries of
 *     former versions, is true
 * @param idleSeconds after how long without a call it is unloaded, to be loaded by the next one and
 *     not before the first; 0, and null from registries of former versions, is never
 * @param execution how it is to be computed; null, from registries of former versions, is as the
 *     node's own settings say
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
        @Nullable Boolean pinned,
        @Nullable Integer idleSeconds,
        @Nullable Execution execution) {
    public PlacementOrder {
        files = List.copyOf(files);
    }

    /** The same version, in memory under other terms. */
    public PlacementOrder staying(@Nullable Boolean pinnedThen, @Nullable Integer idleThen) {
        return with(pinnedThen, idleThen, execution);
    }

    /** The same version, computed otherwise. */
    public PlacementOrder withExecution(@Nullable Execution other) {
        return with(pinned, idleSeconds, other);
    }

    private PlacementOrder with(
            @Nullable Boolean pinnedThen,
            @Nullable Integer idleThen,
            @Nullable Execution executionThen) {
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
                pinnedThen,
                idleThen,
                executionThen);
    }

    /** Not a property: its name must not look like one. */
    public Execution computedBy() {
        return Execution.of(execution);
    }

    /** Not a property: its name must not look like one. */
    public boolean staysLoaded() {
        return pinned == null || pinned;
    }

    /** How long it may stay in memory without a call; empty for as long as it is wanted. */
    public Optional<Duration> longestIdle() {
        return idleSeconds == null || idleSeconds == 0
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds(idleSeconds));
    }
}
