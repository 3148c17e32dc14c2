package dev.atrium.node.model;

import dev.atrium.node.registry.RegistryClient;
import dev.atrium.registry.api.catalog.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Files by their SHA-256. A file is trusted only right after it was read and its digest matched,
 * which happens before every load: what was right when it was fetched may be damaged since.
 */
@Component
class ArtifactCache {
    static final String PARTIAL = ".part";
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactCache.class);
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final Path folder;
    private final ArtifactDownload download;
    private final CacheSpace space;
    private final ConcurrentHashMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    ArtifactCache(ModelProperties properties, RegistryClient registry) throws IOException {
        this.folder = Files.createDirectories(properties.cacheDir()).toRealPath();
        this.download = new ArtifactDownload(registry, properties.stallTimeout());
        this.space = new CacheSpace(folder, properties.maxCache().toBytes());
    }

    /** Everything else may be removed when room is needed. */
    void keep(Set<String> digests) {
        space.keep(digests);
    }

    /**
     * The verified file, fetched when it is not here or not what it should be. Blocks.
     *
     * @throws CorruptArtifactException when the registry's bytes are wrong as well
     * @throws DiskFullException when this disk has no room, even without what nobody needs
     * @throws IOException when this disk or the connection fails
     */
    Path get(ModelFile file) throws IOException {
        if (!DIGEST.matcher(file.sha256()).matches()) {
            throw new CorruptArtifactException(file.path());
        }
        ReentrantLock lock = locks.computeIfAbsent(file.sha256(), _ -> new ReentrantLock());
        lock.lock();
        try {
            Path path = path(file);
            if (Files.exists(path)) {
                if (isIntact(path, file)) {
                    space.touch(path);
                    return path;
                }
                LOG.warn("cached artifact {} is damaged and is fetched again", file.sha256());
                Files.delete(path);
            }
            return fetch(file, path);
        } finally {
            lock.unlock();
        }
    }

    private Path fetch(ModelFile file, Path path) throws IOException {
        Path partial = path.resolveSibling(file.sha256() + PARTIAL);
        prepare(file);
        boolean resumed = Files.exists(partial) && Files.size(partial) > 0;
        download.run(file, partial);
        if (!isIntact(partial, file) && resumed) {
            // The part that was here already may be what is wrong.
            Files.delete(partial);
            download.run(file, partial);
        }
        if (!isIntact(partial, file)) {
            Files.delete(partial);
            throw new CorruptArtifactException(file.path());
        }
        Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("r--r--r--"));
        return Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE);
    }

    private void prepare(ModelFile file) throws IOException {
        space.makeRoom(file.bytes());
        try {
            Files.createDirectories(shelf(file));
        } catch (IOException e) {
            if (DiskFullException.isFull(e, folder)) {
                throw new DiskFullException(file, e);
            }
            throw e;
        }
    }

    private Path path(ModelFile file) {
        return shelf(file).resolve(file.sha256());
    }

    private Path shelf(ModelFile file) {
        return folder.resolve(file.sha256().substring(0, 2));
    }

    private static boolean isIntact(Path path, ModelFile file) throws IOException {
        return Files.size(path) == file.bytes() && sha256(path).equals(file.sha256());
    }

    private static String sha256(Path path) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(path)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
