package dev.atrium.node.worker.wall;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Takes its own rights away and becomes another program. Arguments: a file with the readable paths,
 * the writable folder, and the program with its arguments.
 */
public final class LandlockLauncher {
    private static final List<String> DEVICES =
            List.of("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom");

    /** What JVMs and engines ask about the machine and themselves. */
    private static final List<String> FACTS =
            List.of(
                    "/proc/self",
                    "/proc/cpuinfo",
                    "/proc/meminfo",
                    "/proc/stat",
                    "/proc/sys/vm",
                    "/sys/devices/system/cpu",
                    "/sys/kernel/mm/transparent_hugepage");

    private LandlockLauncher() {}

    public static void main(String[] args) throws IOException {
        Processor processor = Processor.required();
        Kernel kernel = new Kernel(processor);
        Landlock landlock = new Landlock(kernel);
        for (String path : Files.readAllLines(Path.of(args[0]))) {
            landlock.allowReading(Path.of(path));
        }
        FACTS.forEach(path -> landlock.allowReading(Path.of(path)));
        DEVICES.forEach(path -> landlock.allowDevice(Path.of(path)));
        landlock.allowWriting(Path.of(args[1]));
        OptionalLong self = OptionalLong.of(ProcessHandle.current().pid());
        kernel.dieWithParent();
        kernel.dropCapabilities();
        kernel.setNoNewPrivileges();
        landlock.restrict();
        kernel.filter(SystemCallFilter.forWorker(processor, self), false);
        kernel.become(List.of(args).subList(2, args.length), System.getenv());
    }
}
