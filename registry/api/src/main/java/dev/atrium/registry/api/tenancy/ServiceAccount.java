package dev.atrium.registry.api.tenancy;

import java.time.Instant;
import java.util.List;

/** An OAuth client of a tenant, for programs (client_credentials). */
public record ServiceAccount(
        ServiceAccountId id, String clientId, String name, List<String> scopes, Instant createdAt) {
    public ServiceAccount {
        scopes = List.copyOf(scopes);
    }
}
