package dev.atrium.gateway.registry;

/** The registry could not be asked, or said no. */
public abstract sealed class RegistryException extends RuntimeException {
    private RegistryException(String message) {
        super(message);
    }

    /** No registry answered; the same request may work later. */
    public static final class Unavailable extends RegistryException {
        public Unavailable(String message) {
            super(message);
        }
    }

    /** A registry answered that it will not do this; repeating it unchanged is no use. */
    public static final class Refused extends RegistryException {
        private final int status;

        Refused(int status, String path) {
            super("registry answered " + status + " to " + path);
            this.status = status;
        }

        public int status() {
            return status;
        }
    }
}
