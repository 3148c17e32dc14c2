/**
 * How much may be used: policies that people set, and the leases by which gateways enforce them
 * without asking the registry for each call.
 *
 * <p>A gateway takes what a call may use at worst from a lease, an amount that the registry has
 * granted it out of one window of one policy. What the registry grants never adds up to more than
 * the policy's amount, so neither do the gateways together.
 *
 * @see "docs/adr/0007-quotas-by-leases.md"
 */
@NullMarked
package dev.atrium.registry.api.quota;

import org.jspecify.annotations.NullMarked;
