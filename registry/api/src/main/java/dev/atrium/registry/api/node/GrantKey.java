package dev.atrium.registry.api.node;

import java.time.Instant;

/**
 * A rotating HMAC-SHA-256 key that grants for one node are signed with.
 *
 * @param keyId goes into the grant
 * @param key 32 bytes, base64url without padding
 * @param notAfter no grant is made with it later; nodes accept it 60 s longer
 */
public record GrantKey(NodeId nodeId, String keyId, String key, Instant notAfter) {}
