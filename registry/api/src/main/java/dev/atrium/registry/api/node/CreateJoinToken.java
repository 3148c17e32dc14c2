package dev.atrium.registry.api.node;

import org.jspecify.annotations.Nullable;

/** Asks for a one-use join token; null minutes is 60. */
public record CreateJoinToken(MemberRole role, @Nullable Integer validMinutes) {}
