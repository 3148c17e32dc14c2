/**
 * The tenant's closed days: what each came to, and its statement as a file. JSON is the document
 * that the hash is of, byte by byte; CSV is for spreadsheets and proves nothing.
 */
@NullMarked
package dev.atrium.portal.statement;

import org.jspecify.annotations.NullMarked;
