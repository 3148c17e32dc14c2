package dev.atrium.registry.api.deployment;

/** The life of a copy on a node; it computes calls only while READY. */
public enum ReplicaState {
    /** Placed; the node has not begun. */
    PENDING,
    /** In no memory; a call has it loaded. */
    UNLOADED,
    FETCHING,
    LOADING,
    WARMING_UP,
    READY,
    DRAINING,
    FAILED
}
