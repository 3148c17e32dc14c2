package dev.atrium.node.storage;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals and opens the segments of one file: AES-256-GCM, each with a random nonce in front and its
 * number as what is authenticated beside it, so that none can take another's place.
 *
 * <p>A download that goes on after a crash may seal a number again with other bytes; that is why a
 * nonce is random instead of the number. A file's key seals far fewer than 2^32 segments.
 */
final class Segments {
    /** Plain bytes of every segment but the last. */
    static final int PLAIN_BYTES = 64 * 1024;

    static final int SALT_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    static final int OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES;
    static final int SEALED_BYTES = PLAIN_BYTES + OVERHEAD_BYTES;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKey key;
    private final Cipher cipher;

    Segments(NodeKey key, byte[] salt, String name) {
        this.key = key.forFile(salt, name);
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES", e);
        }
    }

    static byte[] newSalt() {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return salt;
    }

    /** Where a segment begins in its file. */
    static long position(long number) {
        return SALT_BYTES + number * SEALED_BYTES;
    }

    byte[] seal(long number, byte[] plain, int length) {
        try {
            byte[] sealed = new byte[length + OVERHEAD_BYTES];
            byte[] nonce = new byte[NONCE_BYTES];
            RANDOM.nextBytes(nonce);
            System.arraycopy(nonce, 0, sealed, 0, NONCE_BYTES);
            begin(Cipher.ENCRYPT_MODE, nonce, 0, number);
            cipher.doFinal(plain, 0, length, sealed, NONCE_BYTES);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK can encrypt", e);
        }
    }

    byte[] open(long number, byte[] sealed, int length) throws DamagedFileException {
        if (length < OVERHEAD_BYTES) {
            throw new DamagedFileException("segment " + number + " is cut off");
        }
        try {
            begin(Cipher.DECRYPT_MODE, sealed, 0, number);
            return cipher.doFinal(sealed, NONCE_BYTES, length - NONCE_BYTES);
        } catch (AEADBadTagException e) {
            throw new DamagedFileException("segment " + number + " is not what was sealed");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK can decrypt", e);
        }
    }

    private void begin(int mode, byte[] nonce, int offset, long number)
            throws GeneralSecurityException {
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce, offset, NONCE_BYTES));
        cipher.updateAAD(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }
}
