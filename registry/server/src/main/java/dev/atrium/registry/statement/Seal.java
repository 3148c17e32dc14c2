package dev.atrium.registry.statement;

import dev.atrium.registry.secret.MasterKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * Hashes and seals statements. Whoever can write to the database can make a new chain; without the
 * registry's master key nobody can seal it.
 */
@Component
class Seal {
    private static final HexFormat HEX = HexFormat.of();

    private final SecretKeySpec key;

    Seal(MasterKey masterKey) {
        this.key = new SecretKeySpec(masterKey.derive("statement seal"), "HmacSHA256");
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }

    static String hash(String document) {
        return hex(sha256().digest(document.getBytes(StandardCharsets.UTF_8)));
    }

    String of(String hash) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return hex(mac.doFinal(hash.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
