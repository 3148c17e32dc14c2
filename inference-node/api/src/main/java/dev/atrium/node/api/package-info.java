/**
 * What gateway and inference node agree on: the grant that pays for an attempt, the paths and
 * headers of a node, and the shapes of its own requests and answers. The node answers nothing
 * without a valid grant.
 */
@NullMarked
package dev.atrium.node.api;

import org.jspecify.annotations.NullMarked;
