package dev.atrium.gateway.quota;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.registry.BackgroundLoop;
import dev.atrium.gateway.registry.Membership;
import dev.atrium.gateway.registry.RegistryClient;
import dev.atrium.gateway.registry.RegistryException;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.LeaseReply;
import dev.atrium.registry.api.quota.LeaseRequest;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.PolicyId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Keeps this gateway's leases: asks for more when calls wait or soon will, renews, answers recalls,
 * and gives back what is idle, and everything at the end.
 *
 * <p>What many policies need at a moment goes in one request. Each request has a thread of its own,
 * because the registry may hold one for the sake of a single policy; about one policy there is
 * never more than one.
 */
@Component
class Leases implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
    private static final int MOST_WISHES = 500;

    /** Questions of people who look, at a time; others get what is known here. */
    private static final int MOST_ASKS = 16;

    private static final Duration TELL_INTERVAL = Duration.ofSeconds(1);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration QUIET = Duration.ofMillis(500);

    private final QuotaProperties properties;
    private final RegistryClient registry;
    private final Membership membership;
    private final Journal journal;
    private final MonotonicClock clock;
    private final UUID incarnation = UUID.randomUUID();
    private final ConcurrentHashMap<PolicyId, Allowance> allowances = new ConcurrentHashMap<>();
    private final Semaphore wanted = new Semaphore(0);
    private final BackgroundLoop asking = new BackgroundLoop("quota leases", this::ask);
    private final BackgroundLoop recalls;
    private final Semaphore asks = new Semaphore(MOST_ASKS);
    private final Scheduler questions =
            Schedulers.fromExecutorService(
                    Executors.newThreadPerTaskExecutor(
                            Thread.ofVirtual().name("atrium-quota-question").factory()));
    private volatile boolean formerLivesTold;
    private long triedToTellAt;

    Leases(
            QuotaProperties properties,
            RegistryClient registry,
            Membership membership,
            Journal journal,
            MonotonicClock clock) {
        this.properties = properties;
        this.registry = registry;
        this.membership = membership;
        this.journal = journal;
        this.clock = clock;
        this.recalls =
                new BackgroundLoop(
                        "quota recalls",
                        new RecallListener(properties, registry, membership, this, clock)::listen);
        this.triedToTellAt = clock.nanos() - TELL_INTERVAL.toNanos();
    }

    Allowance allowance(FeedPolicy policy, long now) {
        Allowance known = allowances.get(policy.id());
        if (known == null) {
            known = allowances.computeIfAbsent(policy.id(), id -> fresh(policy, now));
        }
        known.use(policy, now);
        return known;
    }

    private Allowance fresh(FeedPolicy policy, long now) {
        return policy.window().isRate()
                ? new RateAllowance(policy, properties, now)
                : new UnitAllowance(policy, properties, now);
    }

    Optional<Allowance> find(PolicyId policy) {
        return Optional.ofNullable(allowances.get(policy));
    }

    Collection<Allowance> all() {
        return allowances.values();
    }

    /** Something waits for the registry: do not wait for the next tick. */
    void wake() {
        if (wanted.availablePermits() == 0) {
            wanted.release();
        }
    }

    private Duration ask() throws InterruptedException {
        if (!membership.isJoined()) {
            return Duration.ofMillis(20);
        }
        long now = clock.nanos();
        List<Allowance> about = new ArrayList<>();
        List<LeaseWish> wishes = new ArrayList<>();
        for (Allowance allowance : allowances.values()) {
            allowance.keep(now);
            List<LeaseWish> own = allowance.wishes(now);
            if (!own.isEmpty()) {
                about.add(allowance);
                wishes.addAll(own);
            }
            if (wishes.size() >= MOST_WISHES - 100) {
                sendApart(wishes, about);
                about = new ArrayList<>();
                wishes = new ArrayList<>();
            }
        }
        if (!wishes.isEmpty() || mustTellFormerLives(now)) {
            sendApart(wishes, about);
        }
        allowances.values().removeIf(allowance -> allowance.isForgettable(now));
        Duration pause = allowances.isEmpty() ? QUIET : TICK;
        if (wanted.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            wanted.drainPermits();
        }
        return Duration.ZERO;
    }

    /** Every request says it; without one for a while, one is made for it. */
    private boolean mustTellFormerLives(long now) {
        if (formerLivesTold
                || !journal.areFormerLivesShipped()
                || now - triedToTellAt < TELL_INTERVAL.toNanos()) {
            return false;
        }
        triedToTellAt = now;
        return true;
    }

    private void sendApart(List<LeaseWish> wishes, List<Allowance> about) {
        Thread.ofVirtual().name("atrium-quota-request").start(() -> send(wishes, about));
    }

    private void send(List<LeaseWish> wishes, List<Allowance> about) {
        try {
            LeaseReply reply = post(wishes, about);
            LOG.debug("{} wishes, {} answers", wishes.size(), reply.leases().size());
        } catch (RegistryException e) {
            LOG.debug("leases: {}", e.getMessage());
            failed(about);
        } catch (RuntimeException e) {
            LOG.error("an answer about leases could not be used", e);
            failed(about);
        } catch (InterruptedException e) {
            failed(about);
            Thread.currentThread().interrupt();
        } finally {
            wake();
        }
    }

    private void failed(List<Allowance> about) {
        long now = clock.nanos();
        about.forEach(allowance -> allowance.failed(now));
    }

    private LeaseReply post(List<LeaseWish> wishes, List<Allowance> about)
            throws InterruptedException {
        boolean shipped = journal.areFormerLivesShipped();
        long sentAt = clock.nanos();
        LeaseReply reply =
                registry.post(
                        "/internal/v1/leases",
                        new LeaseRequest(incarnation, shipped, wishes),
                        LeaseReply.class);
        long now = clock.nanos();
        formerLivesTold |= shipped;
        Map<Allowance, Allowance.Answer> answers = apply(reply, sentAt, now);
        about.forEach(allowance ->
                allowance.answered(answers.getOrDefault(allowance, Allowance.Answer.GONE), now));
        return reply;
    }

    private Map<Allowance, Allowance.Answer> apply(LeaseReply reply, long sentAt, long now) {
        Map<Allowance, Allowance.Answer> answers = new HashMap<>();
        for (LeaseState state : reply.leases()) {
            Allowance allowance = allowances.get(state.policyId());
            if (allowance != null) {
                answers.merge(
                        allowance,
                        allowance.apply(state, reply.registryTime(), sentAt, now),
                        (one, other) -> one == Allowance.Answer.MORE ? one : other);
            }
        }
        return answers;
    }

    /** Asks where these policies stand; completes when that is known, or cannot be. */
    Mono<Void> refreshed(List<Allowance> about) {
        return Mono.<Void>fromRunnable(() -> refresh(about)).subscribeOn(questions);
    }

    private void refresh(List<Allowance> about) {
        if (!asks.tryAcquire()) {
            return;
        }
        try {
            for (int i = 0; i < about.size(); i += MOST_WISHES) {
                List<Allowance> some = about.subList(i, Math.min(about.size(), i + MOST_WISHES));
                post(some.stream().map(Allowance::question).toList(), List.of());
            }
        } catch (RegistryException e) {
            LOG.debug("limits: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            asks.release();
        }
    }

    @Override
    public void start() {
        asking.start();
        recalls.start();
    }

    /** After the last call has ended: what is left is for others. */
    @Override
    public void stop() {
        recalls.stop();
        asking.stop();
        long now = clock.nanos();
        List<LeaseWish> wishes = new ArrayList<>();
        for (Allowance allowance : allowances.values()) {
            allowance.giveEverythingBack(now);
            wishes.addAll(allowance.lastWords());
        }
        try {
            for (int i = 0; i < wishes.size(); i += MOST_WISHES) {
                post(wishes.subList(i, Math.min(wishes.size(), i + MOST_WISHES)), List.of());
            }
        } catch (RegistryException e) {
            LOG.warn("{} leases are left to run out: {}", wishes.size(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return asking.isRunning();
    }

    /** Stops when calls have ended and before the last of them are shipped. */
    @Override
    public int getPhase() {
        return 0;
    }
}
