package dev.atrium.registry.api.usage;

/** What sums of usage can be split by, several at once, in this order; lower case in requests. */
public enum UsageDimension {
    HOUR,
    DAY,
    /** For the platform only. */
    TENANT,
    PROJECT,
    PRINCIPAL,
    MODEL,
    VERSION,
    OPERATION,
    LABEL
}
