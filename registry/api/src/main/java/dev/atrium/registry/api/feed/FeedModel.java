package dev.atrium.registry.api.feed;

import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.Visibility;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A model with everything routing needs, so that one entry is always consistent in itself. */
public record FeedModel(
        ModelId id,
        TenantId tenantId,
        ModelName name,
        Task task,
        Visibility visibility,
        List<TenantId> sharedWith,
        Map<String, Integer> aliases,
        List<FeedVersion> versions,
        Instant createdAt) {
    public FeedModel {
        sharedWith = List.copyOf(sharedWith);
        aliases = Map.copyOf(aliases);
        versions = List.copyOf(versions);
    }
}
