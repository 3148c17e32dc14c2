/**
 * How much memory this node may give to models, and how much its machine or container has free
 * right now. Decides nothing.
 */
@NullMarked
package dev.atrium.node.memory;

import org.jspecify.annotations.NullMarked;
