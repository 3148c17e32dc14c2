/**
 * What the readers of all formats share: a bounded cursor over a file, a deadline, and recognising
 * a file by its first bytes. Nothing here trusts a number that the file says about itself.
 */
@NullMarked
package dev.atrium.registry.artifact.format;

import org.jspecify.annotations.NullMarked;
