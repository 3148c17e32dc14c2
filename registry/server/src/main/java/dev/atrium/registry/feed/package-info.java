/**
 * The stream of changes that gateways live on: what a capability publishes inside its transaction
 * becomes visible with it, in the order of commits, and reaches waiting gateways at once. Owns the
 * change log and its epoch; knows the kinds, not their meaning.
 */
@NullMarked
package dev.atrium.registry.feed;

import org.jspecify.annotations.NullMarked;
