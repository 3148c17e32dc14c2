package dev.atrium.gateway.authentication;

import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.util.Set;

/** What a token says whose signature and claims were checked. */
record VerifiedToken(
        TenantId tenantId,
        ProjectId projectId,
        PrincipalKind principalKind,
        String principalId,
        Set<Scope> scopes,
        Instant expiresAt) {
    Caller caller(String tenantSlug, int requestsPerMinute) {
        return new Caller(
                tenantId,
                tenantSlug,
                projectId,
                principalKind,
                principalId,
                scopes,
                Set.of(),
                requestsPerMinute,
                null);
    }
}
