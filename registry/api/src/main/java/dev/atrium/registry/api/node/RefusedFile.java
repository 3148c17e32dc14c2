package dev.atrium.registry.api.node;

/** A file that a node did not load because its bytes are not those of its digest. */
public record RefusedFile(String sha256, Origin origin) {

    /** Where the wrong bytes came from. */
    public enum Origin {
        /** The node's own cache; the file is fetched again. */
        CACHE,
        /** The registry; the version is not loaded. */
        REGISTRY
    }
}
