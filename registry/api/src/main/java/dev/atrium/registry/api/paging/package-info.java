/** One shape for every list: a page and the cursor of the next. */
@NullMarked
package dev.atrium.registry.api.paging;

import org.jspecify.annotations.NullMarked;
