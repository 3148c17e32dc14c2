/**
 * How much may be used. People set policies ({@code policy}), which are counted in windows of time
 * ({@code window}), of which gateways hold leases ({@code lease}); what calls were charged is
 * settled here, in the transaction that posts their usage. No limit ever rejects a settlement: a
 * limit refuses calls, not the account of them.
 *
 * <p>Locks are taken in one order everywhere: windows by policy and start. Whoever changes a lease
 * holds its window, so leases need no locks of their own.
 *
 * @see "docs/adr/0007-quotas-by-leases.md"
 */
@NullMarked
package dev.atrium.registry.quota;

import org.jspecify.annotations.NullMarked;
