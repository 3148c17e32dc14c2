/** The node process: see docs/architecture.md for what it owns. */
@NullMarked
package dev.atrium.node;

import org.jspecify.annotations.NullMarked;
