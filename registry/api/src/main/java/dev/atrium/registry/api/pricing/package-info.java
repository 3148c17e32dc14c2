/**
 * What calls cost: price lists that the platform sets, and the one computation that makes a cost of
 * what a call used, done alike by gateways (for budgets) and by the registry (for the ledger).
 *
 * <p>Prices are micro-units of a currency per 1,000,000 units. A price never changes: another price
 * is another entry, in effect from another time.
 *
 * @see "docs/adr/0008-prices.md"
 */
@NullMarked
package dev.atrium.registry.api.pricing;

import org.jspecify.annotations.NullMarked;
