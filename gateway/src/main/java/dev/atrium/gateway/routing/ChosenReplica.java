package dev.atrium.gateway.routing;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.registry.api.feed.FeedReplica;
import java.util.concurrent.atomic.AtomicBoolean;

/** A replica that holds a place for one attempt until the attempt tells how it ended. */
public final class ChosenReplica {
    private final FeedReplica replica;
    private final ReplicaHealth health;
    private final MonotonicClock clock;
    private final long begunAt;
    private final AtomicBoolean ended = new AtomicBoolean();

    ChosenReplica(FeedReplica replica, ReplicaHealth health, MonotonicClock clock, long begunAt) {
        this.replica = replica;
        this.health = health;
        this.clock = clock;
        this.begunAt = begunAt;
    }

    public FeedReplica replica() {
        return replica;
    }

    /** The node answered, be it a refusal of the input. */
    public void succeeded() {
        if (ended.compareAndSet(false, true)) {
            health.end();
            health.succeeded();
        }
    }

    /** The node could not be reached, vanished, or failed. */
    public void failed() {
        if (ended.compareAndSet(false, true)) {
            health.end();
            health.failed(begunAt, clock.nanos());
        }
    }

    /** Nobody waited for the end; says nothing about the node. */
    public void abandoned() {
        if (ended.compareAndSet(false, true)) {
            health.end();
        }
    }
}
