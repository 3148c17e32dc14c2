package dev.atrium.registry.api.deployment;

/** The life of a copy on a node; it takes calls only while READY. */
public enum ReplicaState {
    /** Placed; the node has not begun. */
    PENDING,
    FETCHING,
    LOADING,
    WARMING_UP,
    READY,
    DRAINING,
    FAILED
}
