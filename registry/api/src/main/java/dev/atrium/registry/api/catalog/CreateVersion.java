package dev.atrium.registry.api.catalog;

import org.jspecify.annotations.Nullable;

/** Opens a version for its files; it stays UPLOADING until completed. */
public record CreateVersion(@Nullable String description, @Nullable VersionSettings settings) {}
