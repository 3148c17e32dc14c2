package dev.atrium.registry.api.catalog;

import org.jspecify.annotations.Nullable;

/**
 * Ends the upload and asks for the inspection.
 *
 * @param deploy also alias it {@code production} and deploy one replica when it is READY; null is
 *     false
 */
public record CompleteVersion(@Nullable Boolean deploy) {}
