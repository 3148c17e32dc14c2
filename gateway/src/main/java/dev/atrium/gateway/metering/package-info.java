/**
 * Counts every call exactly once: the append-only journal that says OPEN before a node hears of a
 * call and SETTLED when it ended, its recovery after a crash, and the shipper that brings settled
 * calls to the registry's ledger. Owns the journal folder. Refuses new calls rather than take one
 * it could not account for, and drops nothing that the registry has not acknowledged.
 */
@NullMarked
package dev.atrium.gateway.metering;

import org.jspecify.annotations.NullMarked;
