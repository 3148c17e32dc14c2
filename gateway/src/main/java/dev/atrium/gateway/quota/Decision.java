package dev.atrium.gateway.quota;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whether a call may go on. */
public sealed interface Decision {
    Decision GRANTED = new Granted();

    record Granted() implements Decision {}

    /**
     * @param retryAfter when it may be different; null when it will not
     * @param needed what the call would have had to take at least
     */
    record Refused(Standing standing, Why why, @Nullable Duration retryAfter, long needed)
            implements Decision {}

    /** Nothing is left here, and the registry that could tell does not answer. */
    record Unreachable(Standing standing) implements Decision {}

    /** A budget applies, and nothing says what the call costs in its currency. */
    record Unpriced(Standing standing) implements Decision {}

    /** Why a call is refused. */
    enum Why {
        /** Used up, or too small for this call: trying again is no use. */
        SPENT,
        /** Not used up, but reserved by calls that run. */
        RESERVED,
        /** A rate. */
        RATE,
        /** Too many calls at the same time. */
        LEVEL
    }
}
