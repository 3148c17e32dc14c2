package dev.atrium.registry.api.pricing;

import org.jspecify.annotations.Nullable;

/**
 * The first units of a calendar month, in the tenant's time zone, that cost a tenant nothing by a
 * price. Which ones are the first is decided in the order in which calls are posted.
 *
 * @param requests calls that reached a node
 * @param computeMillis time of the engine, each call rounded up to the next millisecond
 * @param images pictures that were computed
 * @param audioMillis length of the sound that was computed
 */
public record FreeUnits(
        @Nullable Long requests,
        @Nullable Long inputTokens,
        @Nullable Long outputTokens,
        @Nullable Long computeMillis,
        @Nullable Long images,
        @Nullable Long audioMillis) {
    /** Of nothing. */
    public static final FreeUnits NONE = new FreeUnits(null, null, null, null);

    /** Without pictures and sound. */
    public FreeUnits(
            @Nullable Long requests,
            @Nullable Long inputTokens,
            @Nullable Long outputTokens,
            @Nullable Long computeMillis) {
        this(requests, inputTokens, outputTokens, computeMillis, null, null);
    }
}
