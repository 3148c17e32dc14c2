package dev.atrium.testing;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a folder fail for real while somebody writes in it, as a damaged disk does: a file system
 * of its own in an image, which turns read-only on an error. Where this process may not mount one,
 * writing is forbidden to it altogether, which everybody may do; nothing else may write meanwhile.
 */
public final class FailingDisk implements AutoCloseable {
    private static final long BYTES = 128L * 1024 * 1024;

    private final Path folder;
    private final Path image;
    private boolean mounted;

    private FailingDisk(Path folder, Path image) {
        this.folder = folder;
        this.image = image;
    }

    public static FailingDisk over(Path folder) throws IOException {
        Path real = Files.createDirectories(folder).toRealPath();
        Path image = real.resolveSibling(real.getFileName() + ".image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(BYTES);
        }
        FailingDisk disk = new FailingDisk(real, image);
        disk.mounted =
                SmallDisk.run("mkfs.ext4", "-q", "-F", "-O", "^has_journal", image.toString())
                        && disk.mount();
        Runtime.getRuntime().addShutdownHook(new Thread(disk::close));
        return disk;
    }

    /** From now on nothing can be written, also to files that are open. */
    public void fail() {
        if (!mounted) {
            SmallDisk.limit("0");
            return;
        }
        SmallDisk.run("sync", "-f", folder.toString());
        try {
            Files.writeString(
                    Path.of("/sys/fs/ext4", device(), "trigger_fs_error"), "as if it were damaged");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an admin does first, and can only do once nobody has a file of it open. */
    public void unmount() {
        if (mounted) {
            String again = "until umount '" + folder + "' 2>/dev/null; do sleep 0.05; done";
            if (!SmallDisk.run("timeout", "10", "sh", "-c", again)) {
                throw new IllegalStateException("somebody keeps a file open");
            }
        }
    }

    /** Checked, mounted and writable again. */
    public void repair() {
        if (!mounted) {
            SmallDisk.limit(SmallDisk.UNLIMITED);
            return;
        }
        SmallDisk.run("e2fsck", "-fy", image.toString());
        if (!mount()) {
            throw new IllegalStateException("the file system cannot be mounted again");
        }
    }

    /** All regular files below the folder. */
    public List<Path> files() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        if (mounted) {
            SmallDisk.run("umount", "-l", folder.toString());
        } else {
            SmallDisk.limit(SmallDisk.UNLIMITED);
        }
    }

    private boolean mount() {
        return SmallDisk.run(
                "mount", "-o", "loop,errors=remount-ro", image.toString(), folder.toString());
    }

    private String device() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" "))
                .filter(line -> line[1].equals(folder.toString()))
                .map(line -> Path.of(line[0]).getFileName().toString())
                .findFirst()
                .orElseThrow();
    }
}
