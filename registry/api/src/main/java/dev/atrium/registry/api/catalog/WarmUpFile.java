package dev.atrium.registry.api.catalog;

/**
 * The file of a version that holds calls to warm it up with: a JSON array of what callers of its
 * task send. A copy whose calls do not all succeed takes no others.
 */
public final class WarmUpFile {
    public static final String NAME = "warm-up.json";
    public static final int MAX_BYTES = 1 << 20;
    public static final int MAX_CALLS = 16;

    private WarmUpFile() {}
}
