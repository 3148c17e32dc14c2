package dev.atrium.node.model;

/** The registry's bytes do not have the digest that names them. */
final class CorruptArtifactException extends RuntimeException {
    CorruptArtifactException(String file) {
        super(
                "file '"
                        + file
                        + "' does not have the SHA-256 it was registered with; upload the version"
                        + " again");
    }
}
