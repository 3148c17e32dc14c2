/**
 * What gateways hold of windows. A grant is one guarded update of its window, so grants never add
 * up to more than the amount; sums over a lease's life make messages repeatable. Near the limit a
 * gateway that is short makes the registry recall what others do not need. A lease whose gateway is
 * silent runs out; what it held of a quota still counts until it is known what was used.
 */
@NullMarked
package dev.atrium.registry.quota.lease;

import org.jspecify.annotations.NullMarked;
