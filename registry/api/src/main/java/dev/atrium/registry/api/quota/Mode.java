package dev.atrium.registry.api.quota;

/** What happens at the limit. */
public enum Mode {
    /** Calls are refused. */
    HARD,
    /** Calls go on; people are told. */
    SOFT,
    /** Calls go on; those that a hard policy would have refused are counted. */
    DRY_RUN
}
