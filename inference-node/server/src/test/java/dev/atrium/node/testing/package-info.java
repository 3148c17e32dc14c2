/** What the node's tests share: a registry to talk to, and a node to talk to. */
@NullMarked
package dev.atrium.node.testing;

import org.jspecify.annotations.NullMarked;
