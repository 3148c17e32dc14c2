/** What was called in the last hours: a chart per hour, totals, and the latest calls. */
@NullMarked
package dev.atrium.portal.usage;

import org.jspecify.annotations.NullMarked;
