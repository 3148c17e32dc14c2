package dev.atrium.registry.api.quota;

/** Who set a policy, and so who may change it. */
public enum Origin {
    /** A platform admin. */
    PLATFORM,
    /** An owner of the tenant. */
    TENANT
}
