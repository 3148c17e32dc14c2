/**
 * What calls cost: price lists, their prices from one time on, and who pays by which list. A price
 * is never edited, and neither is an assignment: both are added to, so that what a call of any time
 * cost can be told at any later one. Every change is audited and published to the gateways in its
 * own transaction. Computes nothing but a call's cost; who may spend how much is {@code quota}'s.
 *
 * @see "docs/adr/0008-prices.md"
 */
@NullMarked
package dev.atrium.registry.pricing;

import org.jspecify.annotations.NullMarked;
