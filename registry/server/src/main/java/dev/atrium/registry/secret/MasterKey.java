package dev.atrium.registry.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * Derives keys from the master key and encrypts small secrets at rest.
 *
 * <p>Every use has a purpose of its own (HKDF-SHA-256 with the purpose as info), so that no two
 * uses share key material. Encryption is AES-256-GCM with a random nonce in front.
 */
@Component
public final class MasterKey {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKey master;
    private final SecureRandom random = new SecureRandom();

    MasterKey(SecretProperties properties) {
        byte[] key = decode(properties.masterKey());
        this.master = new SecretKeySpec(key, "HKDF");
    }

    private static byte[] decode(String text) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            // The cause would repeat a part of the key.
            throw new IllegalStateException("ATRIUM_MASTER_KEY is not base64");
        }
        if (key.length != 32) {
            throw new IllegalStateException(
                    "ATRIUM_MASTER_KEY must be 32 bytes in base64, not " + key.length);
        }
        return key;
    }

    /** 32 bytes that only this purpose has; the same on every registry. */
    public byte[] derive(String purpose) {
        return deriveKey(purpose, "HmacSHA256").getEncoded();
    }

    private SecretKey deriveKey(String purpose, String algorithm) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            algorithm,
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(master)
                                    .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), 32));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA256 is not available", e);
        }
    }

    public byte[] encrypt(String purpose, byte[] plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, purpose, nonce).doFinal(plain);
            return ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot encrypt for " + purpose, e);
        }
    }

    /**
     * What {@link #encrypt} was given.
     *
     * @throws IllegalStateException when it was made with another master key, for another purpose,
     *     or was changed
     */
    public byte[] decrypt(String purpose, byte[] sealed) {
        if (sealed.length <= NONCE_BYTES) {
            throw new IllegalStateException("what was stored for " + purpose + " is cut off");
        }
        byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, purpose, nonce);
            return cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "cannot decrypt what was stored for "
                            + purpose
                            + ": is ATRIUM_MASTER_KEY the one it was stored with?",
                    e);
        }
    }

    private Cipher cipher(int mode, String purpose, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, deriveKey(purpose, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }
}
