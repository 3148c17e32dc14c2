package dev.atrium.registry.api.tenancy;

/** What a member may do in a tenant; each role includes the ones before it. */
public enum Role {
    VIEWER,
    DEVELOPER,
    OWNER
}
