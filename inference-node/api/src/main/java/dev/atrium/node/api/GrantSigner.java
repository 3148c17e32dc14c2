package dev.atrium.node.api;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Signs grants with one key, which it has made ready once: looking it up costs more than using it.
 */
public final class GrantSigner {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final ObjectWriter GRANT = JsonMapper.builder().build().writerFor(Grant.class);

    private final byte[] ending;
    private final Mac prepared;

    /**
     * @param key base64url without padding, as the registry hands it out
     */
    public GrantSigner(String keyId, String key) {
        this.ending = ("." + keyId).getBytes(StandardCharsets.US_ASCII);
        this.prepared = prepared(key);
    }

    /** The grant's text form, see {@link GrantCodec}. */
    public String sign(Grant grant) {
        byte[] encoded = ENCODER.encode(GRANT.writeValueAsBytes(grant));
        Mac mac = copy(prepared);
        mac.update(encoded);
        byte[] signature = ENCODER.encode(mac.doFinal(ending));
        byte[] text = new byte[encoded.length + ending.length + 1 + signature.length];
        System.arraycopy(encoded, 0, text, 0, encoded.length);
        System.arraycopy(ending, 0, text, encoded.length, ending.length);
        text[encoded.length + ending.length] = '.';
        System.arraycopy(signature, 0, text, encoded.length + ending.length + 1, signature.length);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    static Mac prepared(String key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getUrlDecoder().decode(key), "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static Mac copy(Mac mac) {
        try {
            return (Mac) mac.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's HmacSHA256 can be copied", e);
        }
    }
}
