package dev.atrium.gateway.feed;

import java.util.HashMap;
import java.util.Map;

/**
 * Lets many keys share the few tenants, projects, scope sets and allow-lists there are. Used by the
 * feed's thread alone; emptied at every full load, so that gone tenants do not stay.
 */
final class Interner {
    private final Map<Object, Object> values = new HashMap<>();

    @SuppressWarnings("unchecked")
    <T> T of(T value) {
        Object known = values.putIfAbsent(value, value);
        return known == null ? value : (T) known;
    }

    void clear() {
        values.clear();
    }
}
