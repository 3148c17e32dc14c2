package dev.atrium.node.memory;

import java.nio.file.Path;
import org.springframework.stereotype.Service;

/** This node's memory as models are concerned. */
@Service
public class NodeMemory {
    private static final double MODEL_SHARE = 0.7;

    private final long forModels;
    private final MachineMemory machine =
            new MachineMemory(Path.of("/proc/meminfo"), Path.of("/sys/fs/cgroup"));

    NodeMemory(MemoryProperties properties) {
        this.forModels =
                properties.memory() != null
                        ? properties.memory().toBytes()
                        : (long) (MachineMemory.totalBytes() * MODEL_SHARE);
    }

    /** Bytes that all models together may take. */
    public long forModels() {
        return forModels;
    }

    /**
     * Bytes that the machine or container can give without taking them from anybody; as good as
     * endless where the system does not say.
     */
    public long available() {
        return machine.availableBytes();
    }
}
