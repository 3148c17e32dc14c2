package dev.atrium.gateway.quota;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.registry.BackgroundLoop;
import dev.atrium.gateway.registry.Membership;
import dev.atrium.gateway.registry.RegistryClient;
import dev.atrium.gateway.registry.RegistryException;
import dev.atrium.registry.api.quota.LeaseReply;
import dev.atrium.registry.api.quota.LeaseRequest;
import dev.atrium.registry.api.quota.LeaseWish;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
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

    /** Questions of people who look, at a time; others get what is known here. */
    private static final int MOST_ASKS = 16;

    private static final Duration TELL_INTERVAL = Duration.ofSeconds(1);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration QUIET = Duration.ofMillis(500);

    private final RegistryClient registry;
    private final Membership membership;
    private final Journal journal;
    private final LeaseBook book;
    private final MonotonicClock clock;
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
            LeaseBook book,
            MonotonicClock clock) {
        this.registry = registry;
        this.membership = membership;
        this.journal = journal;
        this.book = book;
        this.clock = clock;
        this.recalls =
                new BackgroundLoop(
                        "quota recalls",
                        new RecallListener(properties, registry, membership, book, clock)::listen);
        this.triedToTellAt = clock.nanos() - TELL_INTERVAL.toNanos();
    }

    private Duration ask() throws InterruptedException {
        if (!membership.isJoined()) {
            return Duration.ofMillis(20);
        }
        long now = clock.nanos();
        List<LeaseBook.Question> asked = book.questions(now);
        asked.forEach(this::sendApart);
        if (asked.isEmpty() && mustTellFormerLives(now)) {
            sendApart(new LeaseBook.Question(List.of(), List.of()));
        }
        book.forgetIdle(now);
        book.awaitWake(book.isEmpty() ? QUIET : TICK);
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

    private void sendApart(LeaseBook.Question question) {
        Thread.ofVirtual().name("atrium-quota-request").start(() -> send(question));
    }

    private void send(LeaseBook.Question question) {
        try {
            LeaseReply reply = post(question);
            LOG.debug("{} wishes, {} answers", question.wishes().size(), reply.leases().size());
        } catch (RegistryException e) {
            LOG.debug("leases: {}", e.getMessage());
            book.failed(question, clock.nanos());
        } catch (RuntimeException e) {
            LOG.error("an answer about leases could not be used", e);
            book.failed(question, clock.nanos());
        } catch (InterruptedException e) {
            book.failed(question, clock.nanos());
            Thread.currentThread().interrupt();
        } finally {
            book.wake();
        }
    }

    private LeaseReply post(LeaseBook.Question question) throws InterruptedException {
        boolean shipped = journal.areFormerLivesShipped();
        long sentAt = clock.nanos();
        LeaseReply reply =
                registry.post(
                        "/internal/v1/leases",
                        new LeaseRequest(membership.incarnation(), shipped, question.wishes()),
                        LeaseReply.class);
        formerLivesTold |= shipped;
        book.answered(question, reply, sentAt, clock.nanos());
        return reply;
    }

    /** Says something without waiting for what it brings. */
    private void tell(List<LeaseWish> wishes) throws InterruptedException {
        for (int i = 0; i < wishes.size(); i += LeaseBook.MOST_WISHES) {
            int end = Math.min(wishes.size(), i + LeaseBook.MOST_WISHES);
            post(new LeaseBook.Question(wishes.subList(i, end), List.of()));
        }
    }

    /** Asks where these policies stand; completes when that is known, or cannot be. */
    Mono<Void> refreshed(List<Allowance> about) {
        return Mono.<Void>fromRunnable(() -> refresh(about)).subscribeOn(questions);
    }

    private void refresh(List<Allowance> about) {
        // A life has its place in the order of lives from its first heartbeat on.
        if (!membership.isJoined() || !asks.tryAcquire()) {
            return;
        }
        try {
            tell(about.stream().map(Allowance::question).toList());
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
        List<LeaseWish> wishes = book.lastWords(clock.nanos());
        try {
            tell(wishes);
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
