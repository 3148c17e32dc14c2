package dev.atrium.gateway.quota;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.feed.Feed;
import dev.atrium.registry.api.quota.LeaseReply;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Recall;
import dev.atrium.registry.api.quota.RecallPage;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.simulation.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One life of a gateway's quotas, without the threads that ask and listen. */
public final class SimulatedQuotas {
    /** What is asked in one request. */
    public static final class Asked {
        private final LeaseBook.Question question;

        private Asked(LeaseBook.Question question) {
            this.question = question;
        }

        public List<LeaseWish> wishes() {
            return List.copyOf(question.wishes());
        }
    }

    private final MonotonicClock clock;
    private final LeaseBook book;
    private final RecallListener recalls;
    private final Quotas quotas;

    public SimulatedQuotas(Feed feed, MonotonicClock clock, Duration renew, Duration idle) {
        QuotaProperties properties =
                Settings.of(
                        QuotaProperties.class,
                        "atrium.gateway.quota",
                        Map.of("renew-interval", renew, "idle-return", idle));
        this.clock = clock;
        this.book = new LeaseBook(properties);
        this.recalls = new RecallListener(properties, null, null, book, clock);
        this.quotas =
                new Quotas(
                        properties,
                        feed,
                        book,
                        new Leases(properties, null, null, null, book, clock),
                        clock);
    }

    public Quotas quotas() {
        return quotas;
    }

    /**
     * Whether a call that is not reserved for yet has taken its unit of a rate of requests, where
     * no other policy of its key counts requests.
     */
    public boolean hasTakenOfRate(Reservation reservation) {
        return reservation.granted(Unit.REQUESTS, Long.MAX_VALUE) < Long.MAX_VALUE;
    }

    /** Whether calls still take of a lease. */
    public boolean isUsing(PolicyId policy, UUID leaseId) {
        return book.find(policy)
                .map(allowance -> allowance.lease)
                .filter(lease -> lease.id().equals(leaseId) && lease.isUsable(clock.nanos()))
                .isPresent();
    }

    /** Whether somebody waits for the registry. */
    public boolean isWoken() {
        try {
            return book.awaitWake(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Rates whose slices this gateway is about to give up, full or not, as their lease lapsed. */
    public List<PolicyId> lapsing() {
        return book.all().stream()
                .filter(allowance -> allowance instanceof RateAllowance && allowance.holds())
                .filter(allowance -> {
                    Lease lease = allowance.lease;
                    return lease != null && !lease.isUsable(clock.nanos());
                })
                .map(allowance -> allowance.policy.id())
                .toList();
    }

    public List<Asked> questions() {
        List<Asked> asked = book.questions(clock.nanos()).stream().map(Asked::new).toList();
        book.forgetIdle(clock.nanos());
        return asked;
    }

    /** Says nothing of any policy, only that former lives are shipped. */
    public Asked nothing() {
        return new Asked(new LeaseBook.Question(List.of(), List.of()));
    }

    public void answered(Asked asked, LeaseReply reply, long sentAt) {
        book.answered(asked.question, reply, sentAt, clock.nanos());
    }

    public void failed(Asked asked) {
        book.failed(asked.question, clock.nanos());
    }

    public long recallSequence() {
        return recalls.sequence();
    }

    public void heard(RecallPage page) {
        recalls.heard(page, clock.nanos());
    }

    /** The planted bug: what is recalled is given back and forgotten, without a word. */
    public void forget(List<Recall> recalled) {
        recalled.forEach(recall -> book.find(recall.policyId()).ifPresent(book.all()::remove));
    }

    /** Units, slices and permits that calls or this gateway still hold. */
    public long open() {
        return quotas.open();
    }

    public List<LeaseWish> lastWords() {
        return book.lastWords(clock.nanos());
    }
}
