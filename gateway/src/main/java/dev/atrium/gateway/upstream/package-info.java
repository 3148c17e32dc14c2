/**
 * The way to an inference node: signing a grant for one attempt, sending it, and telling refusals
 * and failures of the node apart. Client credentials never come here; the grant is all that a node
 * learns of the caller.
 */
@NullMarked
package dev.atrium.gateway.upstream;

import org.jspecify.annotations.NullMarked;
