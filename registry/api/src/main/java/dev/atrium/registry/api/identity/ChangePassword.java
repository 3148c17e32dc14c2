package dev.atrium.registry.api.identity;

import org.jspecify.annotations.Nullable;

/** Changes the caller's own password; the current one may be null only where a change is forced. */
public record ChangePassword(@Nullable String currentPassword, String newPassword) {}
