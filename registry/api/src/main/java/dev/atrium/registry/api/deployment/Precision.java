package dev.atrium.registry.api.deployment;

/** With which numbers a model computes. */
public enum Precision {
    /** Those that its files hold. */
    AS_IS,
    FP16,
    BF16
}
