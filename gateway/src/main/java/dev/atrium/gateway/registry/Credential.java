package dev.atrium.gateway.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** This gateway's machine credential, kept over restarts in a file that only its user can read. */
@Component
class Credential {
    private final Path file;
    private volatile @Nullable String value;

    Credential(RegistryProperties properties) {
        this.file = properties.dataDir().resolve("gateway.credential");
        this.value = read();
    }

    Optional<String> current() {
        return Optional.ofNullable(value);
    }

    /** Takes the new value into use only once it is on disk, so that a crash cannot lose it. */
    void replace(String newValue) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(
                    fresh,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, newValue, StandardOpenOption.SYNC);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot store the gateway's credential", e);
        }
        value = newValue;
    }

    /** Forgets a credential that the registry no longer knows; the file stays for the admin. */
    void discard() {
        value = null;
    }

    private @Nullable String read() {
        try {
            return Files.exists(file) ? Files.readString(file).strip() : null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the gateway's credential", e);
        }
    }
}
