package dev.atrium.node.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The secret that files of this node are sealed with; each file has a key derived from it. */
@Component
public final class NodeKey {
    private static final int BYTES = 32;
    private static final int ID_BYTES = 8;

    private final byte[] secret;
    private final String id;

    @Autowired
    NodeKey(StorageProperties properties) throws IOException {
        this(
                properties.key() == null || properties.key().isBlank()
                        ? own(properties.keyFile().toAbsolutePath())
                        : decoded(properties.key(), "atrium.node.storage.key"));
    }

    NodeKey(byte[] secret) {
        this.secret = secret.clone();
        this.id = HexFormat.of().formatHex(data(new byte[0], "id", ID_BYTES));
    }

    /** Tells keys apart and reveals nothing of them: 16 hexadecimal digits. */
    public String id() {
        return id;
    }

    /**
     * @param salt of the file, made at random
     * @param name what the file holds: a file that takes another's place is damaged
     */
    SecretKey forFile(byte[] salt, String name) {
        try {
            return kdf().deriveKey("AES", derivation(salt, "file " + name, BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK derives keys", e);
        }
    }

    private byte[] data(byte[] salt, String purpose, int bytes) {
        try {
            return kdf().deriveData(derivation(salt, purpose, bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK derives keys", e);
        }
    }

    private static KDF kdf() throws GeneralSecurityException {
        return KDF.getInstance("HKDF-SHA256");
    }

    private HKDFParameterSpec derivation(byte[] salt, String purpose, int bytes) {
        byte[] info = ("atrium node " + purpose).getBytes(StandardCharsets.UTF_8);
        return HKDFParameterSpec.ofExtract().addIKM(secret).addSalt(salt).thenExpand(info, bytes);
    }

    private static byte[] own(Path file) throws IOException {
        if (!Files.exists(file)) {
            make(file);
        }
        return decoded(Files.readString(file), file.toString());
    }

    private static void make(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(
                fresh,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        Files.writeString(fresh, Base64.getEncoder().encodeToString(secret) + "\n");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] decoded(String text, String origin) {
        try {
            byte[] secret = Base64.getDecoder().decode(text.strip());
            if (secret.length == BYTES) {
                return secret;
            }
        } catch (IllegalArgumentException e) {
            // Said below; the cause would quote the secret.
        }
        throw new IllegalStateException(
                origin
                        + " is not a key: it must be 32 bytes in base64. A lost key costs nothing"
                        + " but time: without it models are fetched again");
    }
}
