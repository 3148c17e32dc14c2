/**
 * What a tenant's days came to. Closes the ledger's days in order, makes a statement of each for
 * every tenant, chains and seals them, keeps corrections and credits, and proves from the rows
 * themselves that nothing was changed since. Owns adjustments, statements and the hashes of rows;
 * never edits any of them.
 */
@NullMarked
package dev.atrium.registry.statement;

import org.jspecify.annotations.NullMarked;
