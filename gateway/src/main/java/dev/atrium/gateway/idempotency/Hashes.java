package dev.atrium.gateway.idempotency;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.web.Exchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What the registry is told of a key and a request: enough to compare, not to read. */
final class Hashes {
    private Hashes() {}

    /** A key belongs to one credential; the tenant is told apart. */
    static String key(Caller caller, IdempotencyKey key) {
        MessageDigest hash = sha256();
        add(hash, caller.principalKind().name());
        add(hash, caller.principalId());
        add(hash, key.value());
        return hex(hash);
    }

    /** Method, path, which may name the model, and body, which names it otherwise. */
    static String request(Exchange exchange, byte[] body) {
        MessageDigest hash = sha256();
        add(hash, exchange.method());
        exchange.segments().forEach(segment -> add(hash, segment));
        add(hash, "");
        if (!exchange.query().isEmpty()) {
            add(hash, exchange.query());
        }
        hash.update(body);
        return hex(hash);
    }

    /** With its length in front, so that no two lists of parts make the same bytes. */
    private static void add(MessageDigest hash, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        hash.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        hash.update(bytes);
    }

    private static String hex(MessageDigest hash) {
        return HexFormat.of().formatHex(hash.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is not available", e);
        }
    }
}
