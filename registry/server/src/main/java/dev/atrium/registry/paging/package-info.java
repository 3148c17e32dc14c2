/**
 * Pages of lists: how many rows, from where, and the signed cursor of the next page. A cursor
 * belongs to one list of one tenant; anything else is refused, so it can name no foreign row.
 */
@NullMarked
package dev.atrium.registry.paging;

import org.jspecify.annotations.NullMarked;
