/**
 * What this node keeps on its disk: files that nobody can read without the node's key, and folders
 * that end with the process that made them, or with the next start when it was killed. Knows
 * nothing of models.
 */
@NullMarked
package dev.atrium.node.storage;

import org.jspecify.annotations.NullMarked;
