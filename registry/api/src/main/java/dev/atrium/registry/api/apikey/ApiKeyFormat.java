package dev.atrium.registry.api.apikey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The text form of an API key: {@code atr_<key id>_<secret><checksum>}.
 *
 * <p>The key id is 16 and the secret 32 letters of a 32-letter alphabet without look-alikes (160
 * random bits); the checksum is six letters over everything before it, so that a mistyped or
 * truncated key is told apart from an unknown one without asking anybody, and secret scanners can
 * recognise a key. The registry keeps the SHA-256 of secret and checksum only.
 */
public final class ApiKeyFormat {
    public static final String PREFIX = "atr_";
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final int ID_LENGTH = 16;
    private static final int SECRET_LENGTH = 32;
    private static final int CHECKSUM_LENGTH = 6;
    private static final SecureRandom RANDOM = new SecureRandom();

    private ApiKeyFormat() {}

    /** The two parts of a well-formed key. */
    public record Parsed(String keyId, String secret) {
        /** Lower-case hexadecimal SHA-256 of the secret part, as the registry stores it. */
        public String secretHash() {
            return sha256(secret);
        }
    }

    public static String generate() {
        String body = PREFIX + random(ID_LENGTH) + "_" + random(SECRET_LENGTH);
        return body + checksum(body);
    }

    /** The parts of a key, empty when the text is not one (wrong shape or checksum). */
    public static Optional<Parsed> parse(String text) {
        int length = PREFIX.length() + ID_LENGTH + 1 + SECRET_LENGTH + CHECKSUM_LENGTH;
        if (text.length() != length || !text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        int idEnd = PREFIX.length() + ID_LENGTH;
        String body = text.substring(0, length - CHECKSUM_LENGTH);
        if (text.charAt(idEnd) != '_' || !text.endsWith(checksum(body))) {
            return Optional.empty();
        }
        return Optional.of(
                new Parsed(text.substring(PREFIX.length(), idEnd), text.substring(idEnd + 1)));
    }

    /** What a person recognises the key by. */
    public static String hint(String text) {
        return text.substring(0, PREFIX.length() + 4) + "…" + text.substring(text.length() - 4);
    }

    public static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String random(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    private static String checksum(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        long rest = crc.getValue();
        StringBuilder text = new StringBuilder(CHECKSUM_LENGTH);
        for (int i = 0; i < CHECKSUM_LENGTH; i++) {
            text.append(ALPHABET.charAt((int) (rest % ALPHABET.length())));
            rest /= ALPHABET.length();
        }
        return text.toString();
    }
}
