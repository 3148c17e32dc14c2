package dev.atrium.registry.api.quota;

import org.jspecify.annotations.Nullable;

/**
 * Changes a policy; null leaves a member as it is. What it counts and for whom never changes: that
 * is another policy.
 *
 * @param revision the one that was read; another one since then is a conflict
 */
public record UpdatePolicy(
        int revision,
        @Nullable String name,
        @Nullable Long amount,
        @Nullable Long burst,
        @Nullable Mode mode,
        @Nullable Integer warnPercent) {}
