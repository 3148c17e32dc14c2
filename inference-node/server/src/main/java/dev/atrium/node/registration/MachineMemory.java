package dev.atrium.node.registration;

import java.lang.management.ManagementFactory;

/** Memory of the machine, or of the container when that is less. */
final class MachineMemory {
    private MachineMemory() {}

    static long totalBytes() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }
}
