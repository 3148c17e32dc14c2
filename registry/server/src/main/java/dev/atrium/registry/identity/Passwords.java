package dev.atrium.registry.identity;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/** What a password must be, and how it is kept. */
@Component
class Passwords {
    private static final int MIN_CHARACTERS = 10;

    /** bcrypt looks at no more. */
    private static final int MAX_BYTES = 72;

    private static final String ALPHABET =
            "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final int GENERATED_CHARACTERS = 20;

    private final PasswordEncoder encoder;
    private final SecureRandom random = new SecureRandom();
    private final String nobodysHash;

    Passwords(PasswordEncoder encoder) {
        this.encoder = encoder;
        this.nobodysHash = hash(generate());
    }

    String hash(String password) {
        String hash = encoder.encode(password);
        if (hash == null) {
            throw new IllegalStateException("the encoder gave no hash");
        }
        return hash;
    }

    boolean matches(String password, String hash) {
        return password.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES
                && encoder.matches(password, hash);
    }

    /** Takes as long as a real comparison, so that nobody learns which addresses exist. */
    void matchNobody(String password) {
        matches(password, nobodysHash);
    }

    String generate() {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < GENERATED_CHARACTERS; i++) {
            password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return password.toString();
    }

    /**
     * @throws WeakPasswordException when the password breaks a rule
     */
    void requireAcceptable(String password, String email) {
        if (password.codePointCount(0, password.length()) < MIN_CHARACTERS) {
            throw new WeakPasswordException(
                    "a password must have at least " + MIN_CHARACTERS + " characters");
        }
        if (password.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new WeakPasswordException("a password must have at most " + MAX_BYTES + " bytes");
        }
        if (password.equalsIgnoreCase(email) || password.chars().distinct().count() < 4) {
            throw new WeakPasswordException("the password is too easy to guess");
        }
    }
}
