/**
 * Enforces the quota policies of the caller's tenant: takes the worst case of a call out of leases
 * before the call is made, and settles what was really used. Owns the cache of leases, which it
 * fetches, renews, shares and gives back; a call waits for the registry only when nothing is left
 * here, and then a bounded time. Tenants without policies pay nothing.
 *
 * @see "docs/adr/0007-quotas-by-leases.md"
 */
@NullMarked
package dev.atrium.gateway.quota;

import org.jspecify.annotations.NullMarked;
