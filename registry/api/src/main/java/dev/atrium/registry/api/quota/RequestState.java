package dev.atrium.registry.api.quota;

/** What became of a request for more; only {@link #OPEN} ever changes. */
public enum RequestState {
    /** Waits for a decision. */
    OPEN,
    /** The policy's amount was raised as asked. */
    APPROVED,
    /** The policy's amount was raised, by less than asked. */
    TRIMMED,
    DENIED,
    /** Taken back by whoever asked. */
    WITHDRAWN
}
