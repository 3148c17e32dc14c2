package dev.atrium.gateway.feed;

import dev.atrium.registry.api.feed.FeedApiKey;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every usable API key by its id. Updated in place, because copying a million keys for each change
 * would cost more than all calls together; a full load marks what it mentions and sweeps the rest.
 */
public final class KeyIndex {
    private final ConcurrentHashMap<String, StoredKey> keys = new ConcurrentHashMap<>();
    private final Interner shared = new Interner();
    private int generation;

    KeyIndex() {}

    public Optional<StoredKey> find(String keyId) {
        return Optional.ofNullable(keys.get(keyId));
    }

    public int size() {
        return keys.size();
    }

    void put(FeedApiKey key) {
        keys.put(key.id(), StoredKey.of(key, shared, generation));
    }

    void remove(String keyId) {
        keys.remove(keyId);
    }

    void beginFullLoad() {
        generation++;
        shared.clear();
    }

    /** Removes every key that the full load did not mention: it was revoked meanwhile. */
    void endFullLoad() {
        keys.values().removeIf(key -> key.generation != generation);
    }
}
