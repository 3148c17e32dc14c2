package dev.atrium.node.registry;

/** The registry answered, and the answer is no. */
public final class RegistryRefusalException extends RuntimeException {
    private final int status;

    public RegistryRefusalException(String what, int status) {
        super("the registry refuses " + what + " with " + status);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
