package dev.atrium.node.worker.wall;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The kernel's access rights for processes without any of their own: whatever is not named here
 * cannot be opened, made, renamed or removed any more.
 *
 * @see "https://docs.kernel.org/userspace-api/landlock.html"
 */
final class Landlock {
    private static final int CREATE_RULESET = 444;
    private static final int ADD_RULE = 445;
    private static final int RESTRICT_SELF = 446;
    private static final int VERSION_FLAG = 1;
    private static final int PATH_BENEATH = 1;

    /** The first that knows of truncation; before it, what can be read can be emptied. */
    static final int OLDEST_VERSION = 3;

    private static final int VERSION_WITH_NETWORK = 4;
    private static final int VERSION_WITH_DEVICES = 5;
    private static final int VERSION_WITH_SCOPES = 6;

    private static final long EXECUTE = 1;
    private static final long WRITE_FILE = 1 << 1;
    private static final long READ_FILE = 1 << 2;
    private static final long READ_FOLDER = 1 << 3;
    private static final long TRUNCATE = 1 << 14;
    private static final long USE_DEVICE = 1 << 15;
    private static final long ALL_BUT_DEVICES = (1 << 15) - 1;
    private static final long CONNECT_AND_BIND = 3;
    private static final long ABSTRACT_SOCKETS_AND_SIGNALS = 3;

    /** Open for its name alone, not to be inherited. */
    private static final int OPEN_PATH = 0x200000 | 0x80000;

    private static final int OPENAT_X86 = 257;
    private static final int OPENAT_ARM = 56;
    private static final int RELATIVE_TO_HERE = -100;

    private final Kernel kernel;
    private final int version;
    private final long ruleset;

    /**
     * @throws IllegalStateException where the kernel has none, or one that is too old
     */
    Landlock(Kernel kernel) {
        this.kernel = kernel;
        this.version = (int) kernel.ask(CREATE_RULESET, 0, 0, VERSION_FLAG);
        if (version < OLDEST_VERSION) {
            throw new IllegalStateException(
                    version < 0
                            ? "the kernel has no Landlock, or a container's profile denies it"
                            : "the kernel's Landlock is too old (6.2 or newer is needed)");
        }
        long files = ALL_BUT_DEVICES | (version >= VERSION_WITH_DEVICES ? USE_DEVICE : 0);
        ByteBuffer attributes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        attributes.putLong(files);
        int size = Long.BYTES;
        if (version >= VERSION_WITH_NETWORK) {
            attributes.putLong(CONNECT_AND_BIND);
            size += Long.BYTES;
        }
        if (version >= VERSION_WITH_SCOPES) {
            attributes.putLong(ABSTRACT_SOCKETS_AND_SIGNALS);
            size += Long.BYTES;
        }
        MemorySegment segment = kernel.allocate(attributes.array());
        this.ruleset = kernel.require("Landlock", CREATE_RULESET, segment.address(), size);
    }

    void allowReading(Path path) {
        allow(path, READ_FILE | READ_FOLDER | EXECUTE);
    }

    /** Everything but devices, programs and links to elsewhere. */
    void allowWriting(Path folder) {
        allow(folder, ALL_BUT_DEVICES & ~EXECUTE);
    }

    void allowDevice(Path device) {
        allow(device, READ_FILE | WRITE_FILE);
    }

    private void allow(Path path, long rights) {
        if (!Files.exists(path)) {
            return;
        }
        long ofFiles = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE;
        long allowed = Files.isDirectory(path) ? rights : rights & ofFiles;
        int open = kernel.processor() == Processor.X86_64 ? OPENAT_X86 : OPENAT_ARM;
        long descriptor =
                kernel.require(
                        "opening a path",
                        open,
                        RELATIVE_TO_HERE,
                        kernel.text(real(path)).address(),
                        OPEN_PATH);
        ByteBuffer rule = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        rule.putLong(allowed).putInt((int) descriptor);
        kernel.require(
                "a Landlock rule",
                ADD_RULE,
                ruleset,
                PATH_BENEATH,
                kernel.allocate(rule.array()).address(),
                0);
    }

    private static String real(Path path) {
        try {
            return path.toRealPath().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For this thread and everything it starts. */
    void restrict() {
        kernel.require("Landlock", RESTRICT_SELF, ruleset, 0);
    }
}
