package dev.atrium.node.model;

import dev.atrium.registry.api.catalog.ModelName;

/** A copy of a version as the node's memory sees it. */
interface Occupant {
    ModelName model();

    /** Bytes that it is believed to take when it is loaded. */
    long neededBytes();

    /** Bytes that it takes now, measured. */
    long residentBytes();

    /** Whether it may have others unloaded to be loaded itself: at first, and for a call. */
    boolean mayDisplace();

    /** Whether others may have it unloaded now: not pinned, and not called for a while. */
    boolean mayBeDisplaced();

    /** When it was last called, or became ready: {@link System#nanoTime}. */
    long lastUse();

    /** Has it unload itself; it says so by {@link ModelMemory#left}. */
    void giveWay(Occupant other);
}
