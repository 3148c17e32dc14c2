/**
 * The ledger of calls: one row per call, whoever ships it and however often, with hourly sums that
 * move in the same transaction. Takes what gateways and nodes ship, resolves calls that a killed
 * gateway left open from the nodes' own accounts, and puts aside, with an alarm, what cannot be
 * posted. A posted row is never edited.
 */
@NullMarked
package dev.atrium.registry.usage;

import org.jspecify.annotations.NullMarked;
