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

    private final World world;
    private final Map<UUID, RateBound> bounds = new TreeMap<>();
    private final Map<UUID, Long> changedAt = new TreeMap<>();
    private String broken = "";

    Rates(World world) {
        this.world = world;
    }

    void set(FeedPolicy policy) {
        UUID id = policy.id().value();
        if (world.time().now() == 0) {
            bounds.put(id, new RateBound(policy, 0));
        } else {
            bounds.remove(id);
            changedAt.put(id, world.time().now());
        }
    }

    void admitted(String key) {
        restore();
        of(key).forEach(bound -> {
            if (!bound.admit(world.time().now())) {
                broken = "more calls are admitted than allow " + bound;
            }
        });
    }

    /** After each step: what is thrown where a call is admitted, its pipeline would catch. */
    void check() {
        Truth.require(broken.isEmpty(), broken);
    }

    void givenBack(String key, long taken) {
        of(key).forEach(bound -> bound.giveBack(taken, world.time().now()));
    }

    void ended(UUID policy) {
        RateBound bound = bounds.get(policy);
        if (bound != null) {
            bound.end(world.time().now());
        }
    }

    private Iterable<RateBound> of(String key) {
        return bounds.values().stream().filter(bound -> bound.isOf(key)).toList();
    }

    /** As it is published by then: the change may have been taken back. */
    private void restore() {
        long now = world.time().now();
        if (changedAt.values().removeIf(changed -> now - changed > CHANGING)) {
            world.tenancy().policies().stream()
                    .filter(policy -> policy.window().isRate())
                    .filter(policy -> !changedAt.containsKey(policy.id().value()))
                    .forEach(policy ->
                            bounds.computeIfAbsent(
                                    policy.id().value(), id -> new RateBound(policy, now)));
        }
    }
}
