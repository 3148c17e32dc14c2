package dev.atrium.registry.paging;

import java.util.Optional;

/**
 * What to read for one page.
 *
 * @param list names the list, part of the cursor's signature
 * @param limit rows of the page; read one more, {@link #fetch()}, to know whether there are others
 * @param after the position of the last row seen, as given to {@link Paging#page}
 */
public record Window(String list, int limit, Optional<String> after) {
    public int fetch() {
        return limit + 1;
    }
}
