package dev.atrium.registry.api.tenancy;

import java.util.List;

/** Asks for a service account; its scopes must be ones the caller holds. */
public record CreateServiceAccount(String name, List<String> scopes) {
    public CreateServiceAccount {
        scopes = List.copyOf(scopes);
    }
}
