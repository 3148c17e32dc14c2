package dev.atrium.gateway.metering;

/** A place in the journal: an offset in a segment. */
record JournalPosition(long segment, long offset) {}
