package dev.atrium.gateway.metering;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file that records are appended to; readers may read what {@link #size()} says. */
final class SegmentFile {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentFile.class);

    /** More than the last few bytes that a full disk may have left. */
    private static final int TRIAL_BYTES = 16 * 1024;

    private final long number;
    private final Path folder;
    private final FileChannel channel;
    private final FileName name;
    private volatile long size;
    private boolean named;
    private boolean torn;

    private SegmentFile(long number, Path folder, FileChannel channel, FileName name) {
        this.number = number;
        this.folder = folder;
        this.channel = channel;
        this.name = name;
    }

    static SegmentFile create(Segments segments, long number) throws IOException {
        Path file = segments.file(number);
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            return new SegmentFile(number, segments.folder(), channel, FileName.of(file));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether nobody would find it: it was removed, or its folder was, under this process. */
    boolean isNameless() {
        return channel.isOpen() && name.isLost();
    }

    /**
     * The same file under its name again, on the disk, with all that was appended; this one is
     * closed. What has the name meanwhile is an older copy of it.
     */
    SegmentFile writtenAnew() throws IOException {
        name.requireSameDevice();
        Path unfinished = folder.resolve(name.path().getFileName() + ".anew");
        FileChannel anew =
                FileChannel.open(
                        unfinished,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            copyTo(anew);
            Files.move(unfinished, name.path(), StandardCopyOption.ATOMIC_MOVE);
            SegmentFile file = new SegmentFile(number, folder, anew, FileName.of(name.path()));
            file.size = size;
            file.forceName();
            close();
            return file;
        } catch (IOException e) {
            anew.close();
            throw e;
        }
    }

    private void copyTo(FileChannel other) throws IOException {
        long copied = 0;
        while (copied < size) {
            copied += channel.transferTo(copied, size - copied, other);
        }
        other.force(true);
    }

    long number() {
        return number;
    }

    long size() {
        return size;
    }

    /** Whether nothing may be appended: it may end with part of a record, or is closed. */
    boolean isTorn() {
        return torn;
    }

    /** Appends all bytes or none. */
    void append(ByteBuffer bytes, boolean force) throws IOException {
        long end = size + bytes.remaining();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (force) {
                channel.force(false);
                forceName();
            }
        } catch (IOException e) {
            // The disk may forget that it failed: what is forced goes into another file.
            torn |= force;
            takeBack();
            throw e;
        }
        size = end;
    }

    /** What is on the disk in a file that no folder there names is lost with the power. */
    private void forceName() throws IOException {
        if (named) {
            return;
        }
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
        named = true;
    }

    /** Writes and takes back, to learn whether records would be taken. */
    void tryOut() throws IOException {
        try {
            ByteBuffer trial = ByteBuffer.allocate(TRIAL_BYTES);
            while (trial.hasRemaining()) {
                channel.write(trial, size + trial.position());
            }
        } finally {
            takeBack();
        }
    }

    /** What has failed once is left alone: the next record begins another file. */
    void giveUp() {
        torn = true;
    }

    private void takeBack() {
        try {
            channel.truncate(size);
        } catch (IOException e) {
            torn = true;
            LOG.warn("journal file {} may end with part of a record", number, e);
        }
    }

    void close() throws IOException {
        torn = true;
        channel.close();
    }
}
