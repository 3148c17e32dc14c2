package dev.atrium.registry.api.idempotency;

/**
 * What a client was answered.
 *
 * @param body at most {@link #LONGEST} bytes
 */
public record KeptReply(int status, String contentType, byte[] body) {
    /** Longer bodies are not kept. */
    public static final int LONGEST = 1024 * 1024;
}
