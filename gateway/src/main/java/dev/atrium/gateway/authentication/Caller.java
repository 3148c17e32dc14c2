package dev.atrium.gateway.authentication;

import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, whatever the credential was.
 *
 * @param principalId API key id, user id or service account id
 * @param allowedModels full names; empty allows every model that the tenant can see
 * @param label cost centre of the calls that name none; null without one
 */
public record Caller(
        TenantId tenantId,
        String tenantSlug,
        ProjectId projectId,
        PrincipalKind principalKind,
        String principalId,
        Set<Scope> scopes,
        Set<String> allowedModels,
        int requestsPerMinute,
        @Nullable String label) {
    public boolean has(Scope scope) {
        return scopes.contains(scope);
    }

    /** Names it among the callers of all tenants. */
    public String principalKey() {
        return principalKind == PrincipalKind.API_KEY ? principalId : tenantId + "/" + principalId;
    }

    public boolean mayUse(String fullModelName) {
        return allowedModels.isEmpty() || allowedModels.contains(fullModelName);
    }
}
