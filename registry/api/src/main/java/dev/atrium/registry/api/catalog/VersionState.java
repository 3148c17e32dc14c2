package dev.atrium.registry.api.catalog;

/** The life of a version until it can be deployed. */
public enum VersionState {
    /** Files are being received. */
    UPLOADING,
    /** The bounded look at the files is running. */
    INSPECTING,
    /** Refused for good; the reason is kept, the files are not. */
    REJECTED,
    /** Accepted: immutable, can be aliased and deployed. */
    READY,
    /** No longer to be deployed; kept for lineage. */
    RETIRED
}
