package dev.atrium.registry.api.feed;

import dev.atrium.registry.api.tenancy.TenantId;

/** A tenant as gateways need it. */
public record FeedTenant(TenantId id, String slug, boolean active) {}
