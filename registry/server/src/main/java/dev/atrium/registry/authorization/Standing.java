package dev.atrium.registry.authorization;

import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.identity.Caller;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a principal may do in a tenant at this moment.
 *
 * @param allowed never given away beyond, whatever a token or client asks for
 * @param label what people call the principal
 * @param role of a user; null for programs
 */
record Standing(
        PrincipalKind kind,
        String principalId,
        String label,
        TenantId tenant,
        ProjectId project,
        Set<Scope> allowed,
        @Nullable Role role,
        boolean mustChangePassword) {
    Caller callerWith(Set<Scope> asked) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        scopes.addAll(asked);
        scopes.retainAll(allowed);
        return new Caller(
                tenant,
                project,
                kind,
                principalId,
                scopes,
                scopes.contains(Scope.PLATFORM_ADMIN),
                actor());
    }

    private String actor() {
        return switch (kind) {
            case USER -> "user:" + label;
            case SERVICE_ACCOUNT -> "service:" + label;
            case API_KEY -> "key:" + label;
        };
    }
}
