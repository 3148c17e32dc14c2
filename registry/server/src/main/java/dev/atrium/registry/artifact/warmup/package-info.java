/** The calls that a version's owner gives for warming it up. */
@NullMarked
package dev.atrium.registry.artifact.warmup;

import org.jspecify.annotations.NullMarked;
