package dev.atrium.registry.artifact.format;

/**
 * A file that is not what it claims to be, or more than the product accepts; the message is for the
 * person who uploaded it.
 */
public final class ArtifactRejectedException extends RuntimeException {
    public ArtifactRejectedException(String reason) {
        super(reason);
    }
}
