package dev.atrium.registry.api.identity;

import dev.atrium.registry.api.tenancy.TenantId;

/** The tenant that the user's next tokens act in. */
public record SwitchTenant(TenantId tenantId) {}
