/**
 * A row for every write, in the transaction that makes it: who did what to what. Rows are only
 * added; the run-time roles can neither change nor delete them.
 */
@NullMarked
package dev.atrium.registry.audit;

import org.jspecify.annotations.NullMarked;
