package dev.atrium.gateway.upstream;

/** The node did its part, but passing its answer on failed; the cause says how. */
public final class AnswerInterruptedException extends RuntimeException {
    AnswerInterruptedException(Throwable cause) {
        super("the answer could not be passed on", cause, false, false);
    }
}
