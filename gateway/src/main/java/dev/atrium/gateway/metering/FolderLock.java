package dev.atrium.gateway.metering;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps other gateways out of the journal's folder. Given back while the folder is broken, since a
 * file system is not unmounted, checked and mounted again under an open file.
 */
final class FolderLock {
    private static final Logger LOG = LoggerFactory.getLogger(FolderLock.class);

    private final Path file;
    private volatile @Nullable FileLock held;
    private @Nullable FileName name;

    FolderLock(Path folder) {
        this.file = folder.resolve("lock");
    }

    /** For the first time. */
    void create() throws IOException {
        held = lock(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /**
     * Takes it again if it was given back. Only in a folder where it has been before: the empty one
     * in which a file system is going to be mounted is not the journal's.
     */
    void take() throws IOException {
        if (held == null) {
            held = lock(StandardOpenOption.WRITE);
        }
    }

    /** Takes it in the folder that was put in the place of the one where it was held. */
    void renew() throws IOException {
        FileLock former = held;
        FileName known = name;
        if (former != null && known != null && known.isLost()) {
            held = lock(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            former.acquiredBy().close();
        }
    }

    /** Whether what the folder's path leads to is the journal's. */
    boolean isHeld() {
        return held != null;
    }

    void giveBack() {
        FileLock given = held;
        try {
            if (given != null) {
                given.acquiredBy().close();
            }
        } catch (IOException e) {
            LOG.warn("the journal's lock could not be given back", e);
        }
        held = null;
    }

    private FileLock lock(OpenOption... options) throws IOException {
        FileChannel channel = FileChannel.open(file, options);
        try {
            FileLock taken = channel.tryLock();
            if (taken != null) {
                name = FileName.of(file);
                return taken;
            }
        } catch (OverlappingFileLockException e) {
            LOG.debug("locked inside this process", e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IOException("another gateway uses this folder; give each its own");
    }
}
