package dev.atrium.registry.api.idempotency;

/** Where a key stands for who claims it. */
public enum KeyStanding {
    /** Nobody had it: execute the call, and say how it ended. */
    NEW,
    /**
     * Another call had it, and it is over: claim it once more, in the turn that the reply names.
     */
    FREE,
    /** A call with it is being executed. */
    IN_FLIGHT,
    /** Its call was answered; here is the reply. */
    ANSWERED,
    /** Its call was answered, but there was no room for the reply. */
    NOT_KEPT,
    /** It belongs to a call that asks for something else. */
    MISMATCH,
    /** Its call was begun, and nobody knows how it ended; it is never executed again. */
    UNKNOWN
}
