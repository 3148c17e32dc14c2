package dev.atrium.node.api;

import dev.atrium.registry.api.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs grants with one key, which it has made ready once: looking it up costs more than using it.
 */
public final class GrantSigner {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

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
        byte[] encoded = ENCODER.encode(json(grant));
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

    private static byte[] json(Grant grant) {
        return new JsonText()
                .put("callId", grant.callId())
                .put("attempt", grant.attempt())
                .put("nodeId", grant.nodeId())
                .put("tenantId", grant.tenantId())
                .put("projectId", grant.projectId())
                .put("principalKind", grant.principalKind())
                .put("principalId", grant.principalId())
                .put("modelId", grant.modelId())
                .put("modelName", grant.modelName())
                .put("versionId", grant.versionId())
                .put("version", grant.version())
                .put("operation", grant.operation())
                .put("issuedAt", grant.issuedAt())
                .put("expiresAt", grant.expiresAt())
                .put("deadlineMillis", grant.deadlineMillis())
                .put("maxOutputTokens", whole(grant.maxOutputTokens()))
                .put("gatewayId", grant.gatewayId())
                .put("label", grant.label())
                .put("reserved", grant.reserved())
                .bytes();
    }

    private static @Nullable Long whole(@Nullable Integer number) {
        return number == null ? null : number.longValue();
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
