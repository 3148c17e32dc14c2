package dev.atrium.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a folder run out of room for real: a small file system is mounted over it where this
 * process may do that, otherwise the longest file that this process may write is limited, which
 * everybody may. Nothing else may write in the meantime.
 */
public final class SmallDisk implements AutoCloseable {
    static final String UNLIMITED = "unlimited";

    private final Path folder;
    private final long bytes;
    private final boolean mounted;
    private boolean open = true;

    private SmallDisk(Path folder, long bytes, boolean mounted) {
        this.folder = folder;
        this.bytes = bytes;
        this.mounted = mounted;
    }

    public static SmallDisk over(Path folder, long bytes) throws IOException {
        Path real = Files.createDirectories(folder).toRealPath();
        SmallDisk disk = new SmallDisk(real, bytes, mount(real, "size=" + bytes));
        Runtime.getRuntime().addShutdownHook(new Thread(disk::close));
        if (!disk.mounted) {
            limit(Long.toString(bytes));
        }
        return disk;
    }

    /** A folder in which nothing can be written. */
    public static SmallDisk readOnly(Path folder) throws IOException {
        Path real = Files.createDirectories(folder).toRealPath();
        SmallDisk disk = new SmallDisk(real, 0, mount(real, "ro"));
        if (!disk.mounted) {
            Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("r-xr-xr-x"));
        }
        return disk;
    }

    /** As if somebody had made room. */
    public void grow() {
        if (!mounted) {
            limit(UNLIMITED);
        } else if (!mount(folder, "remount,size=" + bytes * 64)) {
            throw new IllegalStateException("the disk does not grow");
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
        if (open && mounted) {
            run("umount", "-l", folder.toString());
        } else if (open && bytes == 0) {
            makeWritable();
        } else if (open) {
            limit(UNLIMITED);
        }
        open = false;
    }

    private void makeWritable() {
        try {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean mount(Path folder, String options) {
        return run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString());
    }

    static void limit(String bytes) {
        String self = Long.toString(ProcessHandle.current().pid());
        if (!run("prlimit", "--pid", self, "--fsize=" + bytes + ":")) {
            throw new IllegalStateException("neither mount nor prlimit works here");
        }
    }

    static boolean run(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
