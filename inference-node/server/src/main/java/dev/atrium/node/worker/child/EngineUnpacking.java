package dev.atrium.node.worker.child;

import dev.atrium.node.engine.Engines;

/**
 * Entry of a process that makes engines unpack their native libraries, outside of any wall and
 * without any model: workers can only read them.
 */
public final class EngineUnpacking {
    private EngineUnpacking() {}

    public static void main(String[] args) {
        Engines.unpack();
        // exit() would run native clean-up.
        Runtime.getRuntime().halt(0);
    }
}
