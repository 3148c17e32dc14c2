/** The gateway process: see docs/architecture.md for what it owns. */
@NullMarked
package dev.atrium.gateway;

import org.jspecify.annotations.NullMarked;
