package dev.atrium.registry.usage;

import dev.atrium.registry.api.usage.Outcome;
import org.jspecify.annotations.Nullable;

/** Which calls are wanted; null is all. */
record CallFilter(
        @Nullable String principal,
        @Nullable String model,
        @Nullable Outcome outcome,
        @Nullable String label) {
    static final CallFilter NONE = new CallFilter(null, null, null, null);
}
