package dev.atrium.registry.api.quota;

/** What can be decided of a request for more. */
public enum RequestDecision {
    /** The amount that was asked for. */
    APPROVE,
    /** Another amount: more than now, less than asked. */
    TRIM,
    DENY
}
