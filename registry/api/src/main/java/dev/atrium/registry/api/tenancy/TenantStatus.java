package dev.atrium.registry.api.tenancy;

/** A suspended tenant keeps its data; its keys and tokens stop. */
public enum TenantStatus {
    ACTIVE,
    SUSPENDED
}
