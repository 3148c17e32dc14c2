package dev.atrium.registry.api.usage;

/** Whose account of a call the ledger holds. */
public enum UsageSource {
    GATEWAY,
    NODE
}
