package dev.atrium.registry.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * A file on its way into the store; closing it removes what was not kept. It holds a lock on its
 * part, which the operating system drops when the process dies: so a part that can be locked is
 * nobody's, whichever registry of those that share the store began it.
 */
final class IncomingFile implements AutoCloseable {
    static final String SUFFIX = ".part";
    private static final int BLOCK = 1 << 17;

    private final Path part;
    private final FileChannel channel;
    private final long maxBytes;

    private IncomingFile(Path part, FileChannel channel, long maxBytes) {
        this.part = part;
        this.channel = channel;
        this.maxBytes = maxBytes;
    }

    static IncomingFile open(Path folder, long maxBytes) {
        try {
            while (true) {
                Path part = folder.resolve(UUID.randomUUID() + SUFFIX);
                FileChannel channel =
                        FileChannel.open(
                                part, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
                if (lock(channel) && Files.exists(part)) {
                    return new IncomingFile(part, channel, maxBytes);
                }
                // A sweep came between creating and locking it.
                channel.close();
            }
        } catch (IOException e) {
            throw StorageFullException.orUnchecked(e, folder);
        }
    }

    /** Removes a part that nobody writes to any more; false when somebody does. */
    static boolean removeAbandoned(Path part) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.READ)) {
            return lockShared(channel) && Files.deleteIfExists(part);
        } catch (NoSuchFileException finishedMeanwhile) {
            return false;
        }
    }

    /** Fails beside a writer's lock; needs no right to write, for a finished part is read-only. */
    private static boolean lockShared(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, true) != null;
        } catch (OverlappingFileLockException lockedHere) {
            return false;
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException lockedHere) {
            return false;
        }
    }

    /** Reads the stream to its end, never more than one block past the limit. */
    StoredFile receive(InputStream content) {
        MessageDigest digest = sha256();
        byte[] block = new byte[BLOCK];
        long total = 0;
        for (int count = read(content, block); count >= 0; count = read(content, block)) {
            total += count;
            if (total > maxBytes) {
                throw new ArtifactTooLargeException(maxBytes);
            }
            digest.update(block, 0, count);
            write(ByteBuffer.wrap(block, 0, count));
        }
        return new StoredFile(total, HexFormat.of().formatHex(digest.digest()));
    }

    private static int read(InputStream content, byte[] block) {
        try {
            return content.read(block);
        } catch (IOException senderGone) {
            throw new UploadBrokenException();
        }
    }

    private void write(ByteBuffer block) {
        try {
            while (block.hasRemaining()) {
                channel.write(block);
            }
        } catch (IOException e) {
            throw StorageFullException.orUnchecked(e, part);
        }
    }

    /** Makes the bytes durable and gives them their name. */
    void keepAs(Path folder, String name) {
        try {
            channel.force(true);
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("r--r--r--"));
            Files.createDirectories(folder);
            Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            force(folder);
        } catch (IOException e) {
            throw StorageFullException.orUnchecked(e, part);
        }
    }

    /** Without it the rename itself could be lost with the power. */
    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw new UncheckedIOException("a part of an upload cannot be removed", e);
        }
    }
}
