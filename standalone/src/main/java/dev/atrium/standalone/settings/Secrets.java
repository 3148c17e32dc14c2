package dev.atrium.standalone.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The generated secrets of an installation: made when first asked for, kept in one file that only
 * its owner reads, never shown. Losing the file loses the database's encrypted keys with it.
 */
public final class Secrets {
    public static final String SUPERUSER_PASSWORD = "postgres.superuser.password";
    public static final String OWNER_PASSWORD = "postgres.owner.password";
    public static final String APP_PASSWORD = "postgres.app.password";
    public static final String PLATFORM_PASSWORD = "postgres.platform.password";
    public static final String MASTER_KEY = "master.key";
    public static final String ADMIN_PASSWORD = "admin.password";
    public static final String PORTAL_CLIENT_SECRET = "portal.client.secret";
    public static final String OPERATOR_CLIENT_SECRET = "operator.client.secret";

    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");
    private static final int KEY_BYTES = 32;
    private static final int PASSWORD_BYTES = 18;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path file;
    private final TreeMap<String, String> values;

    private Secrets(Path file, TreeMap<String, String> values) {
        this.file = file;
        this.values = values;
    }

    public static Secrets in(DataFolder data) throws IOException {
        Path file = data.secrets();
        Properties properties = new Properties();
        if (Files.exists(file)) {
            Files.setPosixFilePermissions(file, OWNER_ONLY);
            properties.load(new StringReader(Files.readString(file)));
        }
        TreeMap<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(n -> values.put(n, properties.getProperty(n)));
        return new Secrets(file, values);
    }

    /** A password, generated when it is asked for the first time. */
    public synchronized String password(String name) throws IOException {
        return getOrGenerate(name, PASSWORD_BYTES, Base64.getUrlEncoder().withoutPadding());
    }

    /** 32 random bytes as base64. */
    public synchronized String key(String name) throws IOException {
        return getOrGenerate(name, KEY_BYTES, Base64.getEncoder());
    }

    /** A secret that somebody else made. */
    public synchronized Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public synchronized void keep(String name, String secret) throws IOException {
        values.put(name, secret);
        write();
    }

    private String getOrGenerate(String name, int length, Base64.Encoder encoder)
            throws IOException {
        @Nullable String known = values.get(name);
        if (known != null) {
            return known;
        }
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        String made = encoder.encodeToString(bytes);
        keep(name, made);
        return made;
    }

    /** Whole or not at all: a half-written file would lock the owner out of the database. */
    private void write() throws IOException {
        StringBuilder text =
                new StringBuilder("# Secrets of this Atrium installation. Keep private, keep.\n");
        values.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(whole);
        Files.createFile(whole, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Files.writeString(whole, text, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
        Files.move(
                whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
