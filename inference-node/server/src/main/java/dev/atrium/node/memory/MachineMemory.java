package dev.atrium.node.memory;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Memory of the machine, or of the container when that is less. */
final class MachineMemory {
    private static final Pattern AVAILABLE =
            Pattern.compile("^MemAvailable:\\s+(\\d+) kB$", Pattern.MULTILINE);
    private static final Pattern REUSABLE =
            Pattern.compile("^inactive_file (\\d+)$", Pattern.MULTILINE);

    private final Path meminfo;
    private final Path group;

    /**
     * @param group of version 2, as it is mounted in a container
     */
    MachineMemory(Path meminfo, Path group) {
        this.meminfo = meminfo;
        this.group = group;
    }

    static long totalBytes() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }

    long availableBytes() {
        long machine = 1024 * number(meminfo, AVAILABLE).orElse(Long.MAX_VALUE / 1024);
        return Math.min(machine, ofContainer());
    }

    /** What its limit leaves, counting cached files that nobody uses as free. */
    private long ofContainer() {
        Pattern whole = Pattern.compile("^(\\d+)$", Pattern.MULTILINE);
        OptionalLong limit = number(group.resolve("memory.max"), whole);
        OptionalLong used = number(group.resolve("memory.current"), whole);
        if (limit.isEmpty() || used.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long reusable = number(group.resolve("memory.stat"), REUSABLE).orElse(0);
        return Math.max(0, limit.getAsLong() - used.getAsLong() + reusable);
    }

    /** Empty where the file does not say, or is not there. */
    private static OptionalLong number(Path file, Pattern line) {
        try {
            Matcher found = line.matcher(Files.readString(file));
            return found.find()
                    ? OptionalLong.of(Long.parseLong(found.group(1)))
                    : OptionalLong.empty();
        } catch (IOException notThere) {
            return OptionalLong.empty();
        }
    }
}
