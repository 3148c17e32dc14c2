/**
 * What the gateway knows: tenants, keys, models, replicas and blocked principals, as the registry's
 * feed told it last. Owns the long poll, the immutable snapshot that is swapped whole, the key
 * index that is updated in place, and the staleness clock. Everything on the path of a call reads
 * here and never asks anybody.
 */
@NullMarked
package dev.atrium.gateway.feed;

import org.jspecify.annotations.NullMarked;
