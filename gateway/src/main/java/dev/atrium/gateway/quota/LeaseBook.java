package dev.atrium.gateway.quota;

import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.LeaseReply;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.OwnRate;
import dev.atrium.registry.api.quota.PolicyId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * What this gateway holds of all policies, what there is to ask the registry about them, and what
 * becomes of its answers. Knows neither threads nor connections, which are the matter of {@link
 * Leases}.
 */
@Component
class LeaseBook {
    static final int MOST_WISHES = 500;

    /** No policy has as many past leases as that, so a question never has too many wishes. */
    private static final int ENOUGH_WISHES = MOST_WISHES - 100;

    private final QuotaProperties properties;
    private final ConcurrentHashMap<PolicyId, Allowance> allowances = new ConcurrentHashMap<>();
    private final Semaphore wanted = new Semaphore(0);

    LeaseBook(QuotaProperties properties) {
        this.properties = properties;
    }

    /** What is said of some policies in one request. */
    record Question(List<LeaseWish> wishes, List<Allowance> about) {}

    Allowance allowance(FeedPolicy policy, long now) {
        Allowance known = allowances.get(policy.id());
        if (known == null) {
            known = allowances.computeIfAbsent(policy.id(), id -> fresh(policy, now));
        }
        known.use(policy, now);
        return known;
    }

    /**
     * Of a rate that nobody has set.
     *
     * @param asked how it is kept
     */
    Allowance allowance(FeedPolicy policy, OwnRate rate, QuotaProperties asked, long now) {
        Allowance known = allowances.get(policy.id());
        if (known == null) {
            known =
                    allowances.computeIfAbsent(
                            policy.id(), id -> new RateAllowance(policy, rate, asked, now));
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

    boolean isEmpty() {
        return allowances.isEmpty();
    }

    /** Something waits for the registry: do not wait for the next round. */
    void wake() {
        if (wanted.availablePermits() == 0) {
            wanted.release();
        }
    }

    /**
     * Waits until something waits for the registry, at most this long.
     *
     * @return whether something does
     */
    boolean awaitWake(Duration longest) throws InterruptedException {
        boolean woken = wanted.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS);
        if (woken) {
            wanted.drainPermits();
        }
        return woken;
    }

    /** Regular upkeep, and what is to be asked now; of one policy never two things at a time. */
    List<Question> questions(long now) {
        List<Question> questions = new ArrayList<>();
        Question next = new Question(new ArrayList<>(), new ArrayList<>());
        for (Allowance allowance : allowances.values()) {
            allowance.keep(now);
            List<LeaseWish> own = allowance.wishes(now);
            if (!own.isEmpty()) {
                next.about().add(allowance);
                next.wishes().addAll(own);
            }
            if (next.wishes().size() >= ENOUGH_WISHES) {
                questions.add(next);
                next = new Question(new ArrayList<>(), new ArrayList<>());
            }
        }
        if (!next.wishes().isEmpty()) {
            questions.add(next);
        }
        return questions;
    }

    void answered(Question question, LeaseReply reply, long sentAt, long now) {
        Map<Allowance, Allowance.Answer> answers = apply(reply, sentAt, now);
        for (Allowance allowance : question.about()) {
            allowance.answered(answers.getOrDefault(allowance, Allowance.Answer.GONE), now);
        }
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

    /** Nobody answered. */
    void failed(Question question, long now) {
        question.about().forEach(allowance -> allowance.failed(now));
    }

    /** Forgets policies that nobody has used for long and of which nothing is held. */
    void forgetIdle(long now) {
        allowances.values().removeIf(allowance -> allowance.isForgettable(now));
    }

    /** Gives everything back; what there is to say of it. */
    List<LeaseWish> lastWords(long now) {
        List<LeaseWish> wishes = new ArrayList<>();
        for (Allowance allowance : allowances.values()) {
            allowance.giveEverythingBack(now);
            wishes.addAll(allowance.lastWords());
        }
        return wishes;
    }
}
