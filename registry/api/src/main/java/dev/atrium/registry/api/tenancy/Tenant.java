package dev.atrium.registry.api.tenancy;

import java.time.Instant;

/**
 * Who pays.
 *
 * @param slug the first part of its models' names; lower case, never changes
 * @param timeZone IANA zone in which its calendar windows begin
 */
public record Tenant(
        TenantId id,
        String slug,
        String name,
        TenantStatus status,
        String timeZone,
        Instant createdAt) {}
