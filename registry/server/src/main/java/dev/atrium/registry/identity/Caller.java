package dev.atrium.registry.identity;

import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.Set;

/**
 * Who makes this request, whatever credential it came with; an argument of controller methods.
 *
 * @param tenantId everything the request does happens in this tenant
 * @param projectId what the request makes is booked on this project
 * @param principalId user id, service account id or API key id
 * @param platformAdmin whether the credential carries {@code platform:admin}
 * @param actor as audit rows name it: {@code user:…}, {@code service:…} or {@code key:…}
 */
public record Caller(
        TenantId tenantId,
        ProjectId projectId,
        PrincipalKind kind,
        String principalId,
        Set<Scope> scopes,
        boolean platformAdmin,
        String actor) {
    public Caller {
        scopes = Set.copyOf(scopes);
    }

    public boolean may(Scope scope) {
        return scopes.contains(scope);
    }
}
