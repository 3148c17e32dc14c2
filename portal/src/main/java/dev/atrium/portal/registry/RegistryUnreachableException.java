package dev.atrium.portal.registry;

/** The registry did not answer in time, or not with something that can be read. */
public class RegistryUnreachableException extends RuntimeException {
    private final String requestId;

    public RegistryUnreachableException(String requestId, Throwable cause) {
        super("no answer from the registry, request " + requestId, cause);
        this.requestId = requestId;
    }

    public String requestId() {
        return requestId;
    }
}
