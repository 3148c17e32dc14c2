package dev.atrium.registry.artifact;

import dev.atrium.registry.api.tenancy.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Files of tenants by their digest: {@code <store>/<tenant>/<first two>/<sha256>}, read-only.
 *
 * <p>A file appears under its digest only when it is complete and on the disk, by an atomic rename
 * from the same file system; so whatever has that name is whole, and two uploads of the same bytes
 * meet in one file. Tenants share nothing, not even equal bytes: otherwise the time an upload takes
 * would tell what others have.
 */
@Service
public class ArtifactStore {
    private static final Logger log = LoggerFactory.getLogger(ArtifactStore.class);
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final Path root;
    private final Path incoming;
    private final long maxFileBytes;
    private final Clock clock;

    ArtifactStore(ArtifactProperties properties, Clock clock) {
        this.clock = clock;
        this.root = properties.storeDir().toAbsolutePath().normalize();
        this.incoming = root.resolve("incoming");
        this.maxFileBytes = properties.maxFileBytes().toBytes();
        try {
            Files.createDirectories(incoming);
        } catch (IOException e) {
            throw new UncheckedIOException("the artifact store " + root + " is not writable", e);
        }
    }

    /**
     * Takes a file from a stream, to its end.
     *
     * @param announced the digest that the sender computed, lower-case hexadecimal
     * @param announcedBytes the length that the sender announced; negative when it did not
     */
    public StoredFile receive(
            TenantId tenant, InputStream content, long announcedBytes, @Nullable String announced) {
        if (announcedBytes > maxFileBytes) {
            throw new ArtifactTooLargeException(maxFileBytes);
        }
        try (IncomingFile file = IncomingFile.open(incoming, maxFileBytes)) {
            StoredFile received = file.receive(content);
            if (announcedBytes >= 0 && announcedBytes != received.bytes()) {
                throw new UploadBrokenException();
            }
            if (announced != null && !announced.equals(received.sha256())) {
                throw new ChecksumMismatchException(announced, received.sha256());
            }
            file.keepAs(folder(tenant, received.sha256()), received.sha256());
            return received;
        } catch (StorageFullException full) {
            log.error(
                    "an upload of tenant {} is refused: the artifact store {} has no room ({})",
                    tenant,
                    root,
                    String.valueOf(full.getCause()));
            throw full;
        }
    }

    /** Where the file lies, when it is there. */
    public Optional<Path> find(TenantId tenant, String sha256) {
        Path path = path(tenant, sha256);
        return Files.isRegularFile(path) ? Optional.of(path) : Optional.empty();
    }

    /** Forgets a file; nothing happens when it is not there. */
    public void remove(TenantId tenant, String sha256) {
        try {
            Files.deleteIfExists(path(tenant, sha256));
        } catch (IOException e) {
            throw new UncheckedIOException("an artifact cannot be removed", e);
        }
    }

    /**
     * Digests of a tenant's files that have been here for a while, so that whoever brought them has
     * had the time to refer to them.
     */
    public Stream<String> digestsOlderThan(TenantId tenant, Duration age) {
        Path folder = root.resolve(tenant.toString());
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        Instant before = clock.instant().minus(age);
        try {
            return Files.walk(folder, 2)
                    .filter(path -> DIGEST.matcher(path.getFileName().toString()).matches())
                    .filter(path -> isOlder(path, before))
                    .map(path -> path.getFileName().toString());
        } catch (IOException e) {
            throw new UncheckedIOException("the artifact store cannot be listed", e);
        }
    }

    private static boolean isOlder(Path path, Instant before) {
        try {
            return Files.getLastModifiedTime(path).toInstant().isBefore(before);
        } catch (NoSuchFileException removedMeanwhile) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("the artifact store cannot be listed", e);
        }
    }

    Path incoming() {
        return incoming;
    }

    private Path path(TenantId tenant, String sha256) {
        if (!DIGEST.matcher(sha256).matches()) {
            throw new IllegalArgumentException("not a SHA-256 digest");
        }
        return folder(tenant, sha256).resolve(sha256);
    }

    private Path folder(TenantId tenant, String sha256) {
        return root.resolve(tenant.toString()).resolve(sha256.substring(0, 2));
    }
}
