package dev.atrium.gateway.testing;

import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.LeaseReply;
import dev.atrium.registry.api.quota.LeaseRequest;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.OwnRate;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Recall;
import dev.atrium.registry.api.quota.RecallPage;
import dev.atrium.registry.api.quota.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The registry's side of leases in memory, with the arithmetic of ADR 7: what is granted and not
 * given back, and what is charged, never add up to more than the amount; checked at every change.
 */
public final class FakeQuotas {
    private static final long RECALL_WAIT = 200;

    private final Map<PolicyId, FeedPolicy> policies = new HashMap<>();
    private final Map<Key, Window> windows = new HashMap<>();
    private final Map<UUID, Lease> leases = new HashMap<>();
    private final List<Recall> recalls = new ArrayList<>();
    private final List<LeaseRequest> requests = new ArrayList<>();
    private Duration shift = Duration.ZERO;
    private long validMillis = 50_000;
    private @Nullable String broken;

    private record Key(PolicyId policy, Instant start) {}

    private static final class Window {
        private long used;
        private long reserved;
        private final Map<String, Long> refused = new HashMap<>();
    }

    private static final class Lease {
        private final UUID id = UUID.randomUUID();
        private final Key window;
        private final String holder;
        private long amount;
        private long returned;
        private long settled;

        Lease(Key window, String holder) {
            this.window = window;
            this.holder = holder;
        }
    }

    /**
     * @param reserved granted and neither given back nor settled
     */
    public record Figures(long used, long reserved, long refused) {}

    synchronized void put(FeedPolicy policy) {
        policies.put(policy.id(), policy);
    }

    synchronized void remove(PolicyId policy) {
        policies.remove(policy);
    }

    /** Moves the registry's clock, and with it the windows. */
    public synchronized void advance(Duration by) {
        shift = shift.plus(by);
    }

    public synchronized void validFor(Duration time) {
        validMillis = time.toMillis();
    }

    public synchronized Instant now() {
        return Instant.now().plus(shift);
    }

    /** What broke the arithmetic; null while it holds. */
    public synchronized @Nullable String broken() {
        return broken;
    }

    public synchronized List<LeaseRequest> requests() {
        return List.copyOf(requests);
    }

    /** Of the present window. */
    public synchronized Figures figures(PolicyId policy) {
        return figures(policy, startOf(policies.get(policy)));
    }

    public synchronized Figures figures(PolicyId policy, Instant start) {
        Window window = windows.getOrDefault(new Key(policy, start), new Window());
        long refused = window.refused.values().stream().mapToLong(Long::longValue).sum();
        return new Figures(window.used, window.reserved, refused);
    }

    synchronized LeaseReply answer(String gateway, LeaseRequest request)
            throws InterruptedException {
        requests.add(request);
        String holder = gateway + "/" + request.incarnation();
        List<LeaseState> states = new ArrayList<>();
        boolean short_ = false;
        for (LeaseWish wish : request.wishes()) {
            if (wish.ownRate() != null) {
                policies.put(wish.policyId(), policy(wish.policyId(), wish.ownRate()));
            }
            short_ |= hear(holder, wish) < 0;
        }
        if (short_) {
            awaitReturns(holder, request.wishes());
        }
        for (LeaseWish wish : request.wishes()) {
            LeaseState state = grant(holder, wish);
            if (state != null) {
                states.add(state);
            }
        }
        notifyAll();
        return new LeaseReply(now(), states);
    }

    /** As the registry makes it. */
    private static FeedPolicy policy(PolicyId id, OwnRate rate) {
        return new FeedPolicy(
                id,
                rate.tenantId(),
                "own",
                PolicySubject.TENANT,
                Unit.REQUESTS,
                dev.atrium.registry.api.quota.Window.MINUTE,
                rate.places(),
                rate.places(),
                Mode.HARD,
                null);
    }

    /**
     * @return below 0 when others would have to give back for what is wished at least
     */
    private long hear(String holder, LeaseWish wish) {
        FeedPolicy policy = policies.get(wish.policyId());
        if (policy == null) {
            return 0;
        }
        Key key = keyOf(policy, wish);
        Window window = windows.computeIfAbsent(key, it -> new Window());
        window.refused.merge(holder, wish.refused(), Math::max);
        Lease lease = find(key, holder);
        if (lease != null && lease.id.equals(wish.leaseId())) {
            long back = Math.max(0, wish.returned() - lease.returned);
            lease.returned += back;
            window.reserved -= back;
            check(key, lease);
        }
        long free = limit(policy) - window.used - window.reserved;
        boolean elsewhere =
                leases.values().stream()
                        .anyMatch(it ->
                                it.window.equals(key)
                                        && !it.holder.equals(holder)
                                        && it.amount > it.returned + it.settled);
        if (wish.atLeast() > free && elsewhere && isPresent(policy, key)) {
            recalls.add(new Recall(recalls.size() + 1, policy.id(), key.start));
            notifyAll();
            return -1;
        }
        return 0;
    }

    private void awaitReturns(String holder, List<LeaseWish> wishes) throws InterruptedException {
        long until = System.nanoTime() + RECALL_WAIT * 1_000_000;
        long left = RECALL_WAIT;
        while (left > 0 && wishes.stream().anyMatch(this::isShort)) {
            wait(left);
            left = (until - System.nanoTime()) / 1_000_000;
        }
    }

    private boolean isShort(LeaseWish wish) {
        FeedPolicy policy = policies.get(wish.policyId());
        if (policy == null) {
            return false;
        }
        Window window = windows.get(keyOf(policy, wish));
        return wish.atLeast() > limit(policy) - window.used - window.reserved;
    }

    private @Nullable LeaseState grant(String holder, LeaseWish wish) {
        FeedPolicy policy = policies.get(wish.policyId());
        if (policy == null) {
            return null;
        }
        Key key = keyOf(policy, wish);
        Window window = windows.computeIfAbsent(key, it -> new Window());
        long limit = limit(policy);
        long free = Math.max(0, limit - window.used - window.reserved);
        long granted =
                free < wish.atLeast() || !isPresent(policy, key) ? 0 : Math.min(free, wish.want());
        Lease lease = find(key, holder);
        if (lease == null && granted > 0) {
            lease = new Lease(key, holder);
            leases.put(lease.id, lease);
        }
        if (lease != null) {
            lease.amount += granted;
            window.reserved += granted;
            check(key, lease);
        }
        return new LeaseState(
                policy.id(),
                key.start,
                endOf(policy, key.start),
                lease == null ? null : lease.id,
                lease == null ? 0 : lease.amount,
                validMillis,
                limit,
                window.used,
                window.reserved,
                0);
    }

    /** Posts what a call was charged; the ledger calls this once per call. */
    synchronized void settle(Charge charge) {
        FeedPolicy policy = policies.get(charge.policyId());
        Key key = new Key(charge.policyId(), charge.windowStart());
        Lease lease = charge.leaseId() == null ? null : leases.get(charge.leaseId());
        if (lease != null) {
            lease.settled += charge.reserved();
            Window window = windows.get(lease.window);
            window.reserved -= charge.reserved();
            window.used += charge.charged();
            check(lease.window, lease);
        } else if (policy != null) {
            Key containing = new Key(policy.id(), startOf(policy, charge.windowStart()));
            windows.computeIfAbsent(containing, it -> new Window()).used += charge.charged();
        } else {
            broken = "a charge to an unknown policy and window " + key;
        }
        notifyAll();
    }

    private void check(Key key, Lease lease) {
        Window window = windows.get(key);
        FeedPolicy policy = policies.get(key.policy);
        if (lease.returned + lease.settled > lease.amount) {
            broken =
                    "lease: %d returned, %d settled, %d granted"
                            .formatted(lease.returned, lease.settled, lease.amount);
        }
        if (window.reserved < 0 || (policy != null && window.reserved > limit(policy))) {
            broken = "window: %d reserved, %d used".formatted(window.reserved, window.used);
        }
    }

    synchronized RecallPage recalls(long after, long waitMillis) throws InterruptedException {
        long until = System.nanoTime() + waitMillis * 1_000_000;
        long left = after == 0 ? 0 : waitMillis;
        // As with the registry's sequence, the present number is there before the first recall.
        while (left > 0 && recalls.size() + 1 <= after) {
            wait(left);
            left = (until - System.nanoTime()) / 1_000_000;
        }
        List<Recall> news =
                after == 0
                        ? List.of()
                        : List.copyOf(
                                recalls.subList(
                                        (int) Math.min(after - 1, recalls.size()), recalls.size()));
        return new RecallPage(recalls.size() + 1, news);
    }

    /** Gateways that wait are not kept any longer. */
    synchronized void wake() {
        notifyAll();
    }

    private @Nullable Lease find(Key key, String holder) {
        return leases.values().stream()
                .filter(it -> it.window.equals(key) && it.holder.equals(holder))
                .findFirst()
                .orElse(null);
    }

    private Key keyOf(FeedPolicy policy, LeaseWish wish) {
        return new Key(
                policy.id(), wish.windowStart() == null ? startOf(policy) : wish.windowStart());
    }

    private boolean isPresent(FeedPolicy policy, Key key) {
        return key.start.equals(startOf(policy));
    }

    private static long limit(FeedPolicy policy) {
        return policy.window().isRate()
                        && policy.burst() != null
                        && policy.burst() != policy.amount()
                ? Math.min(1_000, policy.burst())
                : policy.amount();
    }

    private Instant startOf(FeedPolicy policy) {
        return startOf(policy, now());
    }

    private static Instant startOf(FeedPolicy policy, Instant moment) {
        return switch (policy.window()) {
            case HOUR -> moment.truncatedTo(ChronoUnit.HOURS);
            case DAY, MONTH -> moment.truncatedTo(ChronoUnit.DAYS);
            case NONE, SECOND, MINUTE, LIFETIME -> Instant.EPOCH;
        };
    }

    private static @Nullable Instant endOf(FeedPolicy policy, Instant start) {
        return switch (policy.window()) {
            case HOUR -> start.plus(1, ChronoUnit.HOURS);
            case DAY, MONTH -> start.plus(1, ChronoUnit.DAYS);
            case NONE, SECOND, MINUTE, LIFETIME -> null;
        };
    }
}
