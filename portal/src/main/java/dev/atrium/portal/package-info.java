/** The portal process: see docs/architecture.md for what it owns. */
@NullMarked
package dev.atrium.portal;

import org.jspecify.annotations.NullMarked;
