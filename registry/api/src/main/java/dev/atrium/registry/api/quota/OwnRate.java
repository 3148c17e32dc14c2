package dev.atrium.registry.api.quota;

import dev.atrium.registry.api.tenancy.TenantId;

/**
 * The requests per minute of one API key, user or service account: no policy that anybody set, but
 * shared between gateways by the same leases.
 *
 * @param principalId as calls name it
 * @param places how many of the limit are shared by leases; the rest are the gateways' own shares
 */
public record OwnRate(TenantId tenantId, String principalId, long places) {}
