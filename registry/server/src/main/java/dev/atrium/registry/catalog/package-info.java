/**
 * Models, their immutable versions, files and aliases. Owns the way of a version from its first
 * byte to READY or REJECTED, who may see a model, and the entry by which gateways know it. Knows
 * nothing of nodes; who deploys a version is told by an event.
 */
@NullMarked
package dev.atrium.registry.catalog;

import org.jspecify.annotations.NullMarked;
