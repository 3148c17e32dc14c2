/** The registry process: see docs/architecture.md for what it owns. */
@NullMarked
package dev.atrium.registry;

import org.jspecify.annotations.NullMarked;
