package dev.atrium.registry;

import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.tenancy.UserId;

/**
 * A tenant of one test with its first owner.
 *
 * @param ownerToken an access token of the owner with every scope of that role
 */
public record TestTenant(Tenant tenant, UserId owner, String ownerEmail, String ownerToken) {
    public static final String PASSWORD = "correct horse battery";

    public TenantId id() {
        return tenant.id();
    }

    public String slug() {
        return tenant.slug();
    }
}
