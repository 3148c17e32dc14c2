package dev.atrium.registry.tenancy;

import dev.atrium.registry.error.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A new user's first password.
 *
 * @param text given by whoever adds the user, or made here
 * @param generated whether it was made here, must be told once and changed at the first sign-in
 */
record InitialPassword(String text, boolean generated) {
    private static final int MIN_CHARACTERS = 10;

    /** bcrypt looks at no more. */
    private static final int MAX_BYTES = 72;

    private static final int RANDOM_BYTES = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    static InitialPassword of(@Nullable String wished) {
        if (wished == null) {
            byte[] bytes = new byte[RANDOM_BYTES];
            RANDOM.nextBytes(bytes);
            return new InitialPassword(
                    HexFormat.ofDelimiter("-").formatHex(bytes, 0, 4)
                            + "-"
                            + HexFormat.of().formatHex(bytes, 4, RANDOM_BYTES),
                    true);
        }
        if (wished.length() < MIN_CHARACTERS
                || wished.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new InvalidRequestException(
                    "'password' must have at least "
                            + MIN_CHARACTERS
                            + " characters and at most "
                            + MAX_BYTES
                            + " bytes");
        }
        return new InitialPassword(wished, false);
    }
}
