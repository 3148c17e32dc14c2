package dev.atrium.node.registry;

/** No registry gave a usable answer; trying again later may help. */
public final class RegistryUnavailableException extends RuntimeException {
    public RegistryUnavailableException(String message) {
        super(message);
    }
}
