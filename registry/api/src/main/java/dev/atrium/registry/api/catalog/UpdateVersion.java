package dev.atrium.registry.api.catalog;

import org.jspecify.annotations.Nullable;

/**
 * Changes how a version is run, as long as it was never deployed.
 *
 * @param task of the whole model, as long as none of its versions was ever deployed; null leaves it
 * @param settings in place of all former ones
 */
public record UpdateVersion(@Nullable Task task, VersionSettings settings) {}
