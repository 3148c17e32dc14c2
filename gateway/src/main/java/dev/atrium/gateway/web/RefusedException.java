package dev.atrium.gateway.web;

/**
 * Ends a request with a refusal. A signal without a stack trace: refusing must stay cheaper than
 * serving.
 */
public final class RefusedException extends RuntimeException {
    private final transient Refusal refusal;

    RefusedException(Refusal refusal) {
        super(refusal.message(), null, false, false);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
