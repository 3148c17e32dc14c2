package dev.atrium.node.model;

import dev.atrium.node.registry.RegistryClient;
import dev.atrium.node.storage.DamagedFileException;
import dev.atrium.node.storage.NodeKey;
import dev.atrium.node.storage.PrivateFolder;
import dev.atrium.node.storage.SealedFile;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.node.RefusedFile;
import dev.atrium.registry.api.node.RefusedFile.Origin;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Files by their SHA-256, sealed with the node's key. They are opened for one load at a time, into
 * a folder that is removed after it, and are trusted only right then: what was right when it was
 * fetched may be damaged since.
 */
@Component
class ArtifactCache implements DisposableBean {
    static final String PARTIAL = ".part";
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactCache.class);
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final Path folder;
    private final PrivateFolder opened;
    private final NodeKey key;
    private final ArtifactDownload download;
    private final CacheSpace space;
    private final RefusedFiles refused;
    private final ConcurrentHashMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    ArtifactCache(
            ModelProperties properties, RegistryClient registry, NodeKey key, RefusedFiles refused)
            throws IOException {
        this.folder = Files.createDirectories(properties.cacheDir()).toRealPath();
        this.opened = PrivateFolder.create(properties.openedDir());
        this.key = key;
        this.download = new ArtifactDownload(registry, key, properties.stallTimeout());
        this.space = new CacheSpace(folder, properties.maxCache().toBytes());
        this.refused = refused;
        space.removeAllBut("-" + key.id());
    }

    /** Everything else may be removed when room is needed. */
    void keep(Set<String> digests) {
        space.keep(digests);
    }

    /**
     * The verified files of a version, fetched when they are not here or not what they should be.
     * Blocks.
     *
     * @throws CorruptArtifactException when the registry's bytes are wrong as well
     * @throws DiskFullException when this disk has no room, even without what nobody needs
     * @throws IOException when this disk or the connection fails
     */
    OpenedFiles open(List<ModelFile> files) throws IOException {
        Path target = Files.createTempDirectory(opened.path(), "m");
        Map<String, Path> paths = new HashMap<>();
        try {
            for (ModelFile file : files) {
                requireDigest(file);
                Path plain = target.resolve(file.sha256());
                if (!Files.exists(plain)) {
                    open(file, plain);
                }
                paths.put(file.path(), plain);
            }
            return new OpenedFiles(target, paths);
        } catch (IOException | RuntimeException e) {
            PrivateFolder.removeTree(target);
            throw e;
        }
    }

    private static void requireDigest(ModelFile file) {
        if (!DIGEST.matcher(file.sha256()).matches()) {
            throw new CorruptArtifactException(file.path());
        }
    }

    private void open(ModelFile file, Path plain) throws IOException {
        ReentrantLock lock = locks.computeIfAbsent(file.sha256(), _ -> new ReentrantLock());
        lock.lock();
        try {
            Path sealed = path(file);
            if (Files.exists(sealed)) {
                space.makeRoom(0, file.bytes());
                if (unseal(sealed, file, plain)) {
                    space.touch(sealed);
                    return;
                }
                LOG.warn("cached artifact {} is damaged and is fetched again", file.sha256());
                refused.add(new RefusedFile(file.sha256(), Origin.CACHE));
                Files.delete(sealed);
            }
            fetch(file, sealed, plain);
        } finally {
            lock.unlock();
        }
    }

    private void fetch(ModelFile file, Path sealed, Path plain) throws IOException {
        Path partial = sealed.resolveSibling(sealed.getFileName() + PARTIAL);
        prepare(file);
        boolean resumed = Files.exists(partial);
        // The part that was here already may be what is wrong.
        if (!bring(file, partial, plain) && !(resumed && bring(file, partial, plain))) {
            refused.add(new RefusedFile(file.sha256(), Origin.REGISTRY));
            throw new CorruptArtifactException(file.path());
        }
        Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("r--------"));
        Files.move(partial, sealed, StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean bring(ModelFile file, Path partial, Path plain) throws IOException {
        download.run(file, partial);
        boolean intact = unseal(partial, file, plain);
        if (!intact) {
            Files.delete(partial);
        }
        return intact;
    }

    /** Leaves the plain file only if it is what its digest says. */
    private boolean unseal(Path sealed, ModelFile file, Path plain) throws IOException {
        boolean intact = false;
        MessageDigest digest = digest();
        try (OutputStream out = new DigestOutputStream(create(plain), digest)) {
            SealedFile.open(sealed, key, file.sha256(), out);
            intact = HexFormat.of().formatHex(digest.digest()).equals(file.sha256());
        } catch (DamagedFileException e) {
            LOG.warn("artifact {}: {}", file.sha256(), e.getMessage());
        } catch (IOException e) {
            if (DiskFullException.isFull(e, plain)) {
                throw new DiskFullException(file, e);
            }
            throw e;
        } finally {
            if (!intact) {
                Files.deleteIfExists(plain);
            }
        }
        return intact;
    }

    private static OutputStream create(Path plain) throws IOException {
        var ownerOnly = PosixFilePermissions.fromString("rw-------");
        Files.createFile(plain, PosixFilePermissions.asFileAttribute(ownerOnly));
        return Files.newOutputStream(plain);
    }

    private void prepare(ModelFile file) throws IOException {
        long sealed = SealedFile.sealedBytes(file.bytes());
        space.makeRoom(sealed, sealed + file.bytes());
        try {
            Files.createDirectories(shelf(file));
        } catch (IOException e) {
            if (DiskFullException.isFull(e, folder)) {
                throw new DiskFullException(file, e);
            }
            throw e;
        }
    }

    /** Of another key there is another file: nothing is taken for damaged that cannot be read. */
    private Path path(ModelFile file) {
        return shelf(file).resolve(file.sha256() + "-" + key.id());
    }

    private Path shelf(ModelFile file) {
        return folder.resolve(file.sha256().substring(0, 2));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public void destroy() {
        opened.remove();
    }
}
