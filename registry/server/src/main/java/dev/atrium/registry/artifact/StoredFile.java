package dev.atrium.registry.artifact;

/**
 * A file in the store.
 *
 * @param sha256 lower-case hexadecimal digest, its name in the store
 */
public record StoredFile(long bytes, String sha256) {}
