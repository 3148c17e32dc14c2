/**
 * Gateways and nodes as members: joining with a one-use token, heartbeats, who is alive, and the
 * keys by which nodes recognise grants. Knows nothing of what nodes hold.
 */
@NullMarked
package dev.atrium.registry.node;

import org.jspecify.annotations.NullMarked;
