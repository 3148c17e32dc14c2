package dev.atrium.gateway.routing;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.feed.Feed;
import dev.atrium.gateway.registry.SimulatedMembership;
import dev.atrium.simulation.Settings;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Makes the product's router with a source of randomness that can be replayed. */
public final class SimulatedRouting {
    public static final int MOST_ATTEMPTS = 3;
    public static final double RETRY_RATIO = 0.1;
    public static final int RETRY_RESERVE = 10;

    private SimulatedRouting() {}

    public static ReplicaRouter router(Feed feed, MonotonicClock clock, RandomGenerator random) {
        RoutingProperties properties =
                Settings.of(
                        RoutingProperties.class,
                        "atrium.gateway.routing",
                        Map.of(
                                "max-attempts",
                                MOST_ATTEMPTS,
                                "retry-ratio",
                                RETRY_RATIO,
                                "retry-reserve",
                                RETRY_RESERVE));
        return new ReplicaRouter(feed, new SimulatedMembership(), properties, clock, () -> random);
    }
}
