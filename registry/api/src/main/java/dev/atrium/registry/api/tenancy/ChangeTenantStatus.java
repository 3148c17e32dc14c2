package dev.atrium.registry.api.tenancy;

/** Suspends a tenant or lets it go on. */
public record ChangeTenantStatus(TenantStatus status) {}
