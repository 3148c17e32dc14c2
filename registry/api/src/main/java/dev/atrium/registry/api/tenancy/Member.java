package dev.atrium.registry.api.tenancy;

import java.time.Instant;

/** A user in a tenant. */
public record Member(
        UserId userId,
        String email,
        String displayName,
        Role role,
        boolean active,
        Instant since) {}
