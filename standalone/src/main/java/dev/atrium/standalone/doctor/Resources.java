package dev.atrium.standalone.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Processor, memory and disk, as far as this process may use them. */
final class Resources {
    private static final double GIBIBYTE = 1024.0 * 1024 * 1024;
    private static final double ENOUGH_MEMORY = 2.5;
    private static final double LEAST_MEMORY = 1.7;
    private static final double ENOUGH_DISK = 5;
    private static final double LEAST_DISK = 1;
    private static final int ENOUGH_PROCESSORS = 2;

    private Resources() {}

    static List<Finding> check(Path home, Path data, boolean running) throws IOException {
        return Stream.concat(
                        Stream.of(java(), processors(), memory(running)),
                        Stream.of(disk("disk, data", data), disk("disk, build", home)))
                .toList();
    }

    /** The script only ever runs one that is new enough. */
    private static Finding java() {
        return Finding.ok("JDK", Runtime.version() + " in " + System.getProperty("java.home"));
    }

    private static Finding processors() {
        int count = Runtime.getRuntime().availableProcessors();
        return count >= ENOUGH_PROCESSORS
                ? Finding.ok("processors", Integer.toString(count))
                : Finding.warn(
                        "processors",
                        Integer.toString(count),
                        "give it 2 or more; starts are slow");
    }

    private static Finding memory(boolean running) throws IOException {
        double free = availableMemory() / GIBIBYTE;
        String text = "%.1f GB available".formatted(free);
        if (running || free >= ENOUGH_MEMORY) {
            return Finding.ok("memory", text + (running ? " beside the running Atrium" : ""));
        }
        String fix =
                "Atrium takes 1.6 GB and 250 MB per loaded model: close programs, or give the machine"
                        + " (or its container) more memory";
        return free >= LEAST_MEMORY
                ? Finding.warn("memory", text, fix)
                : Finding.fail("memory", text, fix);
    }

    private static double availableMemory() throws IOException {
        OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        // Knows the limit of a container; the kernel's own estimate knows what caches give back.
        double free = system.getFreeMemorySize();
        Path meminfo = Path.of("/proc/meminfo");
        if (!Files.exists(meminfo)) {
            return Math.max(free, system.getTotalMemorySize() / 2.0);
        }
        try (Stream<String> lines = Files.lines(meminfo)) {
            double available =
                    lines.filter(line -> line.startsWith("MemAvailable:"))
                            .map(line -> line.split("\\s+")[1])
                            .mapToDouble(kibibytes -> Double.parseDouble(kibibytes) * 1024)
                            .findFirst()
                            .orElse(free);
            return Math.min(available, system.getTotalMemorySize());
        }
    }

    private static Finding disk(String subject, Path folder) throws IOException {
        Path existing = folder;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        double free = Files.getFileStore(existing).getUsableSpace() / GIBIBYTE;
        String text = "%.1f GB free at %s".formatted(free, folder);
        if (!Files.isWritable(existing)) {
            return Finding.fail(
                    subject,
                    existing + " cannot be written",
                    "start as its owner, or name another data folder with ATRIUM_DATA");
        }
        if (free >= ENOUGH_DISK) {
            return Finding.ok(subject, text);
        }
        String fix = "make room, or name a data folder on another disk with ATRIUM_DATA";
        return free >= LEAST_DISK
                ? Finding.warn(subject, text, fix)
                : Finding.fail(subject, text, fix);
    }
}
