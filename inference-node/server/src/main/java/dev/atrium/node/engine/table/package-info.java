/**
 * Rows of a table as input of a model: JSON read by streaming within bounds, each column encoded as
 * the version's settings say. What is wrong with a value names its row and column.
 */
@NullMarked
package dev.atrium.node.engine.table;

import org.jspecify.annotations.NullMarked;
