package dev.atrium.registry.idempotency;

import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.secret.MasterKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * Makes of keys, requests and replies what may lie in the database. Keys and requests are often
 * short or easily guessed, so a plain hash would tell them; a reply is sealed for one call of one
 * tenant, so that no other row's can take its place.
 */
@Component
class KeyVault {
    private static final String MAC = "HmacSHA256";

    private final MasterKey masterKey;
    private final SecretKeySpec macKey;

    KeyVault(MasterKey masterKey) {
        this.masterKey = masterKey;
        this.macKey = new SecretKeySpec(masterKey.derive("idempotency keys"), MAC);
    }

    byte[] keyMac(TenantId tenant, String key) {
        return mac("key", tenant, key);
    }

    byte[] fingerprintMac(TenantId tenant, String fingerprint) {
        return mac("fingerprint", tenant, fingerprint);
    }

    byte[] seal(TenantId tenant, UUID call, byte[] reply) {
        return masterKey.encrypt(purpose(tenant, call), reply);
    }

    byte[] open(TenantId tenant, UUID call, byte[] sealed) {
        return masterKey.decrypt(purpose(tenant, call), sealed);
    }

    private static String purpose(TenantId tenant, UUID call) {
        return "idempotent reply of " + tenant + " to " + call;
    }

    private byte[] mac(String what, TenantId tenant, String hash) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(macKey);
            return mac.doFinal(
                    (what + " of " + tenant + ": " + hash).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(MAC + " is not available", e);
        }
    }
}
