package dev.atrium.registry.api.tenancy;

/** The new service account; the secret appears here once. */
public record CreatedServiceAccount(ServiceAccount serviceAccount, String clientSecret) {}
