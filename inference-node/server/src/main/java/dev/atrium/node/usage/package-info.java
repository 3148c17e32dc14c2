/**
 * The node's own account of what it computed. STARTED is in the journal before a computation
 * begins, its usage after it ended; both survive a kill, and what is finished is shipped to the
 * registry until it says that it has it. A node that cannot write its journal computes nothing.
 */
@NullMarked
package dev.atrium.node.usage;

import org.jspecify.annotations.NullMarked;
