package dev.atrium.registry.api.feed;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.VersionSettings;

/** A deployed or aliased version. */
public record FeedVersion(
        ModelVersionId id,
        int number,
        Framework framework,
        Signature signature,
        VersionSettings settings) {}
