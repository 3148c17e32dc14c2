package dev.atrium.registry.api.identity;

import dev.atrium.registry.api.tenancy.Project;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.Tenant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who the caller is.
 *
 * @param principalId user id, service account id or API key id
 * @param tenant the tenant that this token acts in
 * @param role the member's role there; null for keys and service accounts
 * @param tenants every tenant the user may switch to
 */
public record Me(
        PrincipalKind kind,
        String principalId,
        @Nullable String email,
        String displayName,
        Tenant tenant,
        Project project,
        @Nullable Role role,
        List<String> scopes,
        boolean platformAdmin,
        boolean mustChangePassword,
        List<Tenant> tenants) {
    public Me {
        scopes = List.copyOf(scopes);
        tenants = List.copyOf(tenants);
    }
}
