package dev.atrium.node.worker.queue;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A call of which only the queue's view exists. */
final class FakeCall implements Queued {
    private final String name;
    private final UUID tenant;
    private int rows = 1;
    private long bytes = 1;
    private @Nullable Object joinKey = "same shape";
    private long deadlineNanos = Long.MAX_VALUE;

    /**
     * @param name begins with the tenant's letter
     */
    FakeCall(String name) {
        this.name = name;
        this.tenant = new UUID(0, name.charAt(0));
    }

    FakeCall ofRows(int count) {
        rows = count;
        return this;
    }

    FakeCall ofBytes(long count) {
        bytes = count;
        return this;
    }

    FakeCall ofShape(@Nullable Object key) {
        joinKey = key;
        return this;
    }

    FakeCall until(long nanos) {
        deadlineNanos = nanos;
        return this;
    }

    @Override
    public UUID tenant() {
        return tenant;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public @Nullable Object joinKey() {
        return joinKey;
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public String toString() {
        return name;
    }
}
