package dev.atrium.node.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The text form of a grant in the {@link NodeProtocol#GRANT_HEADER} header: {@code
 * base64url(JSON).keyId.base64url(HMAC-SHA-256 over everything before the last dot)}.
 *
 * <p>HMAC because a public-key signature costs a thousand times more per call, and both ends are
 * given the key by the registry anyway.
 */
public final class GrantCodec {
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private GrantCodec() {}

    /**
     * @param key base64url without padding, as the registry hands it out
     */
    public static String sign(Grant grant, String keyId, String key) {
        return new GrantSigner(keyId, key).sign(grant);
    }

    /**
     * The grant when its signature holds; says nothing about node, time or reuse, which the node
     * checks.
     *
     * @param keys finds a key (base64url) by its id, null when unknown
     */
    public static Optional<Grant> verify(String text, Function<String, @Nullable String> keys) {
        int macDot = text.lastIndexOf('.');
        int keyDot = macDot < 0 ? -1 : text.lastIndexOf('.', macDot - 1);
        if (keyDot < 0) {
            return Optional.empty();
        }
        String key = keys.apply(text.substring(keyDot + 1, macDot));
        if (key == null) {
            return Optional.empty();
        }
        try {
            byte[] given = DECODER.decode(text.substring(macDot + 1));
            if (!MessageDigest.isEqual(given, mac(text.substring(0, macDot), key))) {
                return Optional.empty();
            }
            return Optional.of(GrantReader.read(DECODER.decode(text.substring(0, keyDot))));
        } catch (IllegalArgumentException | DateTimeException | JacksonException e) {
            return Optional.empty();
        }
    }

    private static byte[] mac(String text, String key) {
        return GrantSigner.prepared(key).doFinal(text.getBytes(StandardCharsets.US_ASCII));
    }
}
