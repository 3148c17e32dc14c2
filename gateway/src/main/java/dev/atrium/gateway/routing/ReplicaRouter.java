package dev.atrium.gateway.routing;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.feed.Feed;
import dev.atrium.gateway.feed.Snapshot;
import dev.atrium.gateway.registry.Membership;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.feed.FeedReplica;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Chooses the replica for an attempt: of two random READY ones the one with fewer calls in flight,
 * which spreads load nearly as well as asking all of them and never herds onto one. Where none is
 * READY, or none that has not failed this call, one that a call has loaded: the same for all calls
 * and gateways, so that it is one load however many calls come.
 */
@Component
public class ReplicaRouter {
    private static final Comparator<FeedReplica> FIRST =
            Comparator.comparing(replica -> replica.placementId().value());

    private final Feed feed;
    private final Membership membership;
    private final RoutingProperties properties;
    private final MonotonicClock clock;
    private final RetryBudget retries;
    private final Supplier<? extends RandomGenerator> random;
    private final ConcurrentHashMap<PlacementId, ReplicaHealth> health = new ConcurrentHashMap<>();
    private volatile Snapshot prunedFor;

    @Autowired
    ReplicaRouter(
            Feed feed, Membership membership, RoutingProperties properties, MonotonicClock clock) {
        this(feed, membership, properties, clock, ThreadLocalRandom::current);
    }

    /**
     * @param random asked for at each choice, by the thread that makes it
     */
    ReplicaRouter(
            Feed feed,
            Membership membership,
            RoutingProperties properties,
            MonotonicClock clock,
            Supplier<? extends RandomGenerator> random) {
        this.feed = feed;
        this.membership = membership;
        this.properties = properties;
        this.clock = clock;
        this.retries = new RetryBudget(properties);
        this.random = random;
        this.prunedFor = feed.snapshot();
    }

    /** The replica for a call's first attempt; empty when none takes calls. */
    public Optional<ChosenReplica> first(ModelVersionId version) {
        retries.deposit();
        return choose(version, Set.of());
    }

    /**
     * The replica for a further attempt, if the number of attempts and the retry budget allow one.
     *
     * @param failed placements that failed for this call; used again only when there is no other
     */
    public Optional<ChosenReplica> next(
            ModelVersionId version, int attempts, Set<PlacementId> failed) {
        if (attempts >= properties.maxAttempts() || !retries.withdraw()) {
            return Optional.empty();
        }
        return choose(version, failed);
    }

    private Optional<ChosenReplica> choose(ModelVersionId version, Set<PlacementId> failed) {
        Snapshot snapshot = feed.snapshot();
        prune(snapshot);
        List<FeedReplica> ready = withGrants(snapshot.replicas(version));
        if (ready.isEmpty() || haveAllFailed(ready, failed)) {
            Optional<ChosenReplica> unloaded = unloaded(snapshot.unloaded(version), failed);
            if (unloaded.isPresent() || ready.isEmpty()) {
                return unloaded;
            }
        }
        return Optional.of(take(ready, failed));
    }

    private List<FeedReplica> withGrants(List<FeedReplica> replicas) {
        return among(replicas, replica -> membership.grantSigner(replica.nodeId()) != null);
    }

    private static boolean haveAllFailed(List<FeedReplica> replicas, Set<PlacementId> failed) {
        return !failed.isEmpty()
                && among(replicas, each -> !failed.contains(each.placementId())).isEmpty();
    }

    private Optional<ChosenReplica> unloaded(List<FeedReplica> replicas, Set<PlacementId> failed) {
        if (replicas.isEmpty()) {
            return Optional.empty();
        }
        long now = clock.nanos();
        List<FeedReplica> possible = withGrants(replicas);
        List<FeedReplica> best = available(possible, failed, now);
        return (best.isEmpty() ? possible : best)
                .stream().min(FIRST).map(replica -> begin(replica, now));
    }

    private ChosenReplica begin(FeedReplica replica, long now) {
        ReplicaHealth chosen = healthOf(replica);
        if (!chosen.tryBegin(now)) {
            // With nothing healthy left, trying is better than refusing for sure.
            chosen.begin();
        }
        return new ChosenReplica(replica, chosen, clock, now);
    }

    private ChosenReplica take(List<FeedReplica> ready, Set<PlacementId> failed) {
        long now = clock.nanos();
        List<FeedReplica> best = available(ready, failed, now);
        while (!best.isEmpty()) {
            FeedReplica replica = twoChoices(best);
            ReplicaHealth chosen = healthOf(replica);
            if (chosen.tryBegin(now)) {
                return new ChosenReplica(replica, chosen, clock, now);
            }
            // Another call probes it since: look again.
            best = available(ready, failed, now);
        }
        // With nothing healthy left, trying is better than refusing for sure.
        return begin(twoChoices(untried(ready, failed)), now);
    }

    private List<FeedReplica> available(
            List<FeedReplica> ready, Set<PlacementId> failed, long now) {
        return among(
                ready,
                replica ->
                        !failed.contains(replica.placementId())
                                && healthOf(replica).isAvailable(now));
    }

    /** Asked for every call, mostly of very few: a stream would cost more than what it does. */
    private static List<FeedReplica> among(
            List<FeedReplica> replicas, Predicate<FeedReplica> condition) {
        List<FeedReplica> found = new ArrayList<>(replicas.size());
        for (FeedReplica replica : replicas) {
            if (condition.test(replica)) {
                found.add(replica);
            }
        }
        return found;
    }

    /** Forgets replicas that left the feed; attempts that still run keep what they hold. */
    private void prune(Snapshot snapshot) {
        if (snapshot != prunedFor) {
            prunedFor = snapshot;
            health.keySet().retainAll(snapshot.placements());
        }
    }

    private static List<FeedReplica> untried(List<FeedReplica> ready, Set<PlacementId> failed) {
        List<FeedReplica> rest = among(ready, each -> !failed.contains(each.placementId()));
        return rest.isEmpty() ? ready : rest;
    }

    private FeedReplica twoChoices(List<FeedReplica> candidates) {
        RandomGenerator choice = random.get();
        int size = candidates.size();
        int one = choice.nextInt(size);
        if (size == 1) {
            return candidates.get(one);
        }
        int other = (one + 1 + choice.nextInt(size - 1)) % size;
        FeedReplica left = candidates.get(one);
        FeedReplica right = candidates.get(other);
        return healthOf(left).inFlight() <= healthOf(right).inFlight() ? left : right;
    }

    private ReplicaHealth healthOf(FeedReplica replica) {
        ReplicaHealth known = health.get(replica.placementId());
        return known != null
                ? known
                : health.computeIfAbsent(
                        replica.placementId(), key -> new ReplicaHealth(properties));
    }
}
