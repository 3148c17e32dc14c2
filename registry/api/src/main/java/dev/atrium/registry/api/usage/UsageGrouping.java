package dev.atrium.registry.api.usage;

/** What a usage series is split by. */
public enum UsageGrouping {
    NONE,
    MODEL,
    PRINCIPAL,
    OPERATION,
    LABEL
}
