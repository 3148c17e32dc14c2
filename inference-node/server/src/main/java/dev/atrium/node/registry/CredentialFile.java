package dev.atrium.node.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** The credential on disk, mode 0600, replaced in one step. */
final class CredentialFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;

    CredentialFile(Path file) {
        this.file = file.toAbsolutePath();
    }

    Optional<Credential> read() {
        try {
            return Files.exists(file)
                    ? Optional.of(JSON.readValue(Files.readAllBytes(file), Credential.class))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("the node's credential file cannot be read", e);
        }
    }

    void write(Credential credential) {
        try {
            Files.createDirectories(file.getParent());
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            var ownerOnly = PosixFilePermissions.fromString("rw-------");
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(ownerOnly));
            Files.write(fresh, JSON.writeValueAsBytes(credential));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("the node's credential cannot be kept", e);
        }
    }
}
