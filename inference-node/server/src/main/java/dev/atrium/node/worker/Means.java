package dev.atrium.node.worker;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.deployment.Execution;
import org.jspecify.annotations.Nullable;

/**
 * With what a model computes: what its deployment says, and where it says nothing this node.
 *
 * @param copies in memory. One serves any number of calls at once, each on the thread that asks;
 *     only where a computation has more threads does each instance need a copy, because they would
 *     share these threads otherwise
 * @param gpu null for the CPU
 * @param wantsOwnProcess whether it can share no process with others
 */
record Means(
        int threads, int instances, int copies, @Nullable Integer gpu, boolean wantsOwnProcess) {
    private static final String GPU = "GPU:";

    static Means of(WorkerProperties node, Framework framework, Execution wish) {
        boolean generates = framework == Framework.GGUF;
        int threadsOfNode = generates ? node.generationThreads() : node.threads();
        int threads = wish.threads() == null ? threadsOfNode : wish.threads();
        int instancesOfNode = generates ? node.slots() : node.parallel();
        int instances = wish.instances() == null ? instancesOfNode : wish.instances();
        boolean copied = framework == Framework.ONNX && threads > 1 && wish.instances() != null;
        String device = wish.wantedDevice();
        Integer gpu =
                device.startsWith(GPU) ? Integer.valueOf(device.substring(GPU.length())) : null;
        return new Means(threads, instances, copied ? instances : 1, gpu, isApart(framework, wish));
    }

    /**
     * llama.cpp aborts the process on input that others survive; the threads of PyTorch are those
     * of its process.
     */
    private static boolean isApart(Framework framework, Execution wish) {
        return switch (framework) {
            case GGUF -> true;
            case TORCHSCRIPT -> wish.threads() != null;
            case ONNX -> false;
        };
    }
}
