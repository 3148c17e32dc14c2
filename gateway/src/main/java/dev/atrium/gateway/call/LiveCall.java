package dev.atrium.gateway.call;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.routing.Resolution;
import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.gateway.upstream.NodeRequest;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.feed.FeedReplica;
import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.ReservedLeases;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One call from OPEN to SETTLED. Its facts are told by the event loops of client and node, so every
 * field is safe to read from both; {@link #end} tells the first end from all that come later.
 */
final class LiveCall implements CallProgress {
    private static final Duration GRANT_LIFE = Duration.ofSeconds(30);

    private final UUID id;
    private final Caller caller;
    private final Resolution.Resolved target;
    private final Operation operation;
    private final NodeRequest request;
    private final Instant openedAt;
    private final long openedNanos;
    private final CallLimits limits;
    private final CallPlace place;
    private final @Nullable String label;
    private final Duration deadline;
    private final List<Charge> charges;
    private final MonotonicClock clock;
    private final Set<PlacementId> failed = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean over = new AtomicBoolean();

    private volatile int attempts;
    private volatile @Nullable FeedReplica replica;
    private volatile boolean neverComputed;
    private volatile boolean isLoading;
    private volatile NodeUsage usage = NodeUsage.NONE;
    private volatile int httpStatus;
    private volatile @Nullable Long firstByteMicros;
    private volatile @Nullable NodeFailure midwayFailure;

    LiveCall(
            UUID id,
            Caller caller,
            Resolution.Resolved target,
            Operation operation,
            NodeRequest request,
            Instant openedAt,
            CallLimits limits,
            CallPlace place,
            @Nullable String label,
            MonotonicClock clock) {
        this.id = id;
        this.caller = caller;
        this.target = target;
        this.operation = operation;
        this.request = request;
        this.openedAt = openedAt;
        this.limits = limits;
        this.place = place;
        this.label = label;
        this.deadline = limits.deadline();
        this.charges = limits.open(openedAt);
        this.clock = clock;
        this.openedNanos = clock.nanos();
    }

    UUID id() {
        return id;
    }

    TenantId tenant() {
        return caller.tenantId();
    }

    Resolution.Resolved target() {
        return target;
    }

    Operation operation() {
        return operation;
    }

    CallLimits limits() {
        return limits;
    }

    CallPlace place() {
        return place;
    }

    NodeRequest request() {
        return request;
    }

    int attempts() {
        return attempts;
    }

    NodeUsage usage() {
        return usage;
    }

    @Nullable NodeFailure midwayFailure() {
        return midwayFailure;
    }

    Set<PlacementId> failedPlacements() {
        return failed;
    }

    boolean isAnswering() {
        return httpStatus != 0;
    }

    /** Whether nobody waits any more: whatever still comes from a node comes too late. */
    boolean isOver() {
        return over.get();
    }

    /**
     * Ends the call, whatever its end is.
     *
     * @return whether this was the end, and not an end after the end
     */
    boolean end() {
        return over.compareAndSet(false, true);
    }

    /** Where the last attempt went. */
    @Nullable FeedReplica replica() {
        return replica;
    }

    Duration timeLeft() {
        Duration left = deadline.minus(age());
        return left.isNegative() ? Duration.ZERO : left;
    }

    Duration age() {
        return clock.since(openedNanos);
    }

    OpenCall opening() {
        return new OpenCall(
                id,
                caller.tenantId(),
                caller.projectId(),
                caller.principalKind(),
                caller.principalId(),
                target.model().id(),
                target.model().name(),
                target.version().id(),
                target.version().number(),
                operation,
                openedAt,
                charges,
                priceId(),
                label);
    }

    /** Null where nothing says what the call costs. */
    @Nullable Price price() {
        return limits.price();
    }

    private @Nullable PriceId priceId() {
        Price price = limits.price();
        return price == null ? null : price.id();
    }

    /** Begins the next attempt and makes its grant; what the former one used is not billed. */
    Grant beginAttempt(FeedReplica chosen, Instant now) {
        attempts++;
        replica = chosen;
        usage = NodeUsage.NONE;
        return grant(chosen, now);
    }

    /** A grant for the last attempt, such as it would be now. */
    Grant grant(FeedReplica replica, Instant now) {
        return new Grant(
                id,
                attempts,
                replica.nodeId().value(),
                caller.tenantId().value(),
                caller.projectId().value(),
                caller.principalKind().name(),
                caller.principalId(),
                target.model().id().value(),
                target.model().name().toString(),
                target.version().id().value(),
                target.version().number(),
                operation.name(),
                now,
                now.plus(GRANT_LIFE),
                timeLeft().toMillis(),
                request.maxOutputTokens(),
                null,
                label,
                ReservedLeases.text(charges));
    }

    void attemptFailed(FeedReplica replica) {
        failed.add(replica.placementId());
    }

    /** A node said that it has to load the model first. */
    void isLoading() {
        isLoading = true;
    }

    /** Whether this attempt is likely to find its model in no memory. */
    boolean isCold(FeedReplica chosen) {
        return isLoading || chosen.loadsFirst();
    }

    /** The node that has the last attempt says that its model never saw it. */
    void neverComputed() {
        neverComputed = true;
    }

    @Override
    public void used(NodeUsage soFar) {
        usage = soFar;
    }

    @Override
    public void answering(int status) {
        httpStatus = status;
        if (firstByteMicros == null) {
            firstByteMicros = age().toNanos() / 1_000;
        }
    }

    @Override
    public void answeringWhole(int status) {
        limits.sayCost(consumption(true));
        limits.sayEnergy(usage.energy());
        answering(status);
    }

    @Override
    public void failedMidway(NodeFailure failure) {
        midwayFailure = failure;
    }

    /**
     * The account of this call; asked for once.
     *
     * @param statusOtherwise the HTTP status when no answer was begun
     */
    UsageRecord account(Outcome outcome, int statusOtherwise, Instant now) {
        FeedReplica node = replica;
        return new UsageRecord(
                id,
                caller.tenantId(),
                caller.projectId(),
                caller.principalKind(),
                caller.principalId(),
                target.model().id(),
                target.model().name(),
                target.version().id(),
                target.version().number(),
                operation,
                outcome,
                isAnswering() ? httpStatus : statusOtherwise,
                attemptsBegun(),
                node == null || neverComputed ? null : node.nodeId(),
                usage.inputTokens(),
                usage.outputTokens(),
                usage.computeMicros(),
                firstByteMicros,
                openedAt,
                now,
                UsageSource.GATEWAY,
                settledCharges(outcome),
                priceId(),
                null,
                label,
                usage.energy(),
                usage.cachedInputTokens(),
                usage.media());
    }

    private int attemptsBegun() {
        return neverComputed ? attempts - 1 : attempts;
    }

    private List<Charge> settledCharges(Outcome outcome) {
        return charges.isEmpty()
                ? charges
                : Charge.settled(charges, consumption(hasReachedNode(outcome)), price());
    }

    private Consumption consumption(boolean reached) {
        NodeUsage used = usage;
        return Media.orNone(used.media())
                .consumption(
                        reached, used.inputTokens(), used.outputTokens(), used.computeMicros());
    }

    /** A call that reached no node pays nothing, nor does one that no model ever saw. */
    private boolean hasReachedNode(Outcome outcome) {
        return attemptsBegun() > 0 && outcome != Outcome.NO_REPLICA;
    }

    /** Ends the call without an account: it was never opened. */
    void abandon() {
        if (end()) {
            limits.rollBack();
        }
    }
}
