package dev.atrium.registry.api.node;

import java.time.Instant;

/** A one-use join token; appears here once. */
public record JoinToken(String token, MemberRole role, Instant expiresAt) {}
