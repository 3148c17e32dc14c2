package dev.atrium.gateway.metering;

/** When the journal waits for the disk. */
enum Fsync {
    /** Never: records are safe from a killed process, not from a power failure. */
    NEVER,
    /** Once for all records that wait at the same time. */
    GROUP,
    /** Once for each record. */
    ALWAYS
}
