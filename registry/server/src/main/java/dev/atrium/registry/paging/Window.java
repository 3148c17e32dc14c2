package dev.atrium.registry.paging;

import java.util.Optional;
import java.util.UUID;

/**
 * What to read for one page.
 *
 * @param list names the list, part of the cursor's signature
 * @param limit rows of the page; read one more, {@link #fetch()}, to know whether there are others
 * @param after the position of the last row seen, as given to {@link Paging#page}
 */
public record Window(String list, int limit, Optional<String> after) {
    private static final UUID HIGHEST = new UUID(-1, -1);

    public int fetch() {
        return limit + 1;
    }

    /** For lists by descending UUIDv7 ids, newest first: read the rows whose id is below this. */
    public UUID below() {
        return after.map(UUID::fromString).orElse(HIGHEST);
    }
}
