package dev.atrium.simulation;

import dev.atrium.registry.api.feed.FeedPolicy;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Whether the gateways together keep to every rate. */
final class Rates {
    /**
     * After a rate was changed some gateways go by the former one, until they heard of it or their
     * leases have lapsed: nothing is promised of both together.
     */
    private static final long CHANGING = 60 * Timeline.SECOND;

    /** No gateway uses a lease for longer than that after it last heard of it. */
    private static final long LEASE_LIFETIME = World.LEASE_LIFETIME.toNanos() * 11 / 10;

    private final World world;
    private final Map<UUID, RateBound> bounds = new TreeMap<>();
    private final Map<UUID, Long> promisedFrom = new TreeMap<>();
    private String broken = "";

    Rates(World world) {
        this.world = world;
    }

    void set(FeedPolicy policy) {
        UUID id = policy.id().value();
        if (world.time().now() == 0) {
            bounds.put(id, new RateBound(policy, 0));
        } else {
            promiseNothing(id, CHANGING);
        }
    }

    private void promiseNothing(UUID policy, long nanos) {
        bounds.remove(policy);
        promisedFrom.merge(policy, world.time().now() + nanos, Math::max);
    }

    /** A call of this key has just taken its unit. */
    void taken(String key) {
        restore();
        of(key).forEach(bound -> {
            if (!bound.take(world.time().now())) {
                broken = "more calls are admitted than allow " + bound;
            }
        });
    }

    /** After each step: what is thrown where a call is admitted, its pipeline would catch. */
    void check() {
        Truth.require(broken.isEmpty(), broken);
    }

    /**
     * @param when it was taken
     */
    void givenBack(String key, long when) {
        of(key).forEach(bound -> bound.giveBack(when, world.time().now()));
    }

    void ended(UUID policy) {
        RateBound bound = bounds.get(policy);
        if (bound != null) {
            bound.end(world.time().now());
        }
    }

    /**
     * The database's clock was set ahead, so a lease has ended that its gateway still uses: its
     * slices are in use twice, and the bound is another one, until that gateway's time is over.
     */
    void endedTooEarly(UUID policy) {
        if (bounds.containsKey(policy) || promisedFrom.containsKey(policy)) {
            promiseNothing(policy, LEASE_LIFETIME);
        }
    }

    /**
     * Gateways use slices of the former window until they renew their leases. That may be long
     * after the change: a window that begins in the future of a clock that was set back cannot end
     * yet.
     */
    void cutAnew(UUID policy) {
        promiseNothing(policy, LEASE_LIFETIME);
    }

    private Iterable<RateBound> of(String key) {
        return bounds.values().stream().filter(bound -> bound.isOf(key)).toList();
    }

    /** As it is published by then: the change may have been taken back. */
    private void restore() {
        long now = world.time().now();
        if (promisedFrom.values().removeIf(from -> now > from)) {
            world.tenancy().policies().stream()
                    .filter(policy -> policy.window().isRate())
                    .filter(policy -> !promisedFrom.containsKey(policy.id().value()))
                    .forEach(policy ->
                            bounds.computeIfAbsent(
                                    policy.id().value(), id -> new RateBound(policy, now)));
        }
    }
}
