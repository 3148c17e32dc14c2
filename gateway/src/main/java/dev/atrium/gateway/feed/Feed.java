package dev.atrium.gateway.feed;

import dev.atrium.gateway.MonotonicClock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** The gateway's knowledge, as calls read it: newest snapshot, keys, and how old they may be. */
@Component
public class Feed {
    private final FeedProperties properties;
    private final MonotonicClock clock;
    private final KeyIndex keys = new KeyIndex();
    private volatile Snapshot snapshot = Snapshot.EMPTY;
    private volatile boolean loaded;
    private volatile long heardAt;

    Feed(FeedProperties properties, MonotonicClock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    public Snapshot snapshot() {
        return snapshot;
    }

    public KeyIndex keys() {
        return keys;
    }

    /** Whether calls may be served: loaded once, and heard from within the maximum staleness. */
    public boolean isUsable() {
        return loaded && age().compareTo(properties.maxStaleness()) <= 0;
    }

    /** Time since the registry last confirmed that nothing newer exists. */
    public Duration age() {
        return clock.since(heardAt);
    }

    void replace(Snapshot newer) {
        snapshot = newer;
    }

    /**
     * @param askedAt when the confirmed poll was answered, by {@link MonotonicClock}
     */
    void confirm(long askedAt) {
        heardAt = askedAt;
        loaded = true;
    }
}
