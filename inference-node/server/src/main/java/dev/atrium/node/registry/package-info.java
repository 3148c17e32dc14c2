/**
 * The way to the control plane: which registry answers, the credential that this node has, and the
 * registry's clock. Owns the join and the credential file; knows nothing of what is asked.
 */
@NullMarked
package dev.atrium.node.registry;

import org.jspecify.annotations.NullMarked;
