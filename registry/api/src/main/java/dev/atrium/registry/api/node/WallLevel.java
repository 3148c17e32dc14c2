package dev.atrium.registry.api.node;

/** What stands between a model's worker and its node, weakest first. */
public enum WallLevel {
    /** A process with bounds and nothing more: models of tenants that are programs are refused. */
    NONE,
    /** The kernel denies the worker files, sockets, processes and signals (Landlock, seccomp). */
    LANDLOCK,
    /** The worker lives in namespaces of its own, in which nothing else exists (bubblewrap). */
    BUBBLEWRAP
}
