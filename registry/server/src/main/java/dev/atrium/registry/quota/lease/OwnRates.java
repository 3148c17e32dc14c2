package dev.atrium.registry.quota.lease;

import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.OwnRate;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.leader.Leadership;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Lets gateways share the requests per minute of a key, user or service account. Only those that
 * outgrow a gateway's own share come here, so the policy behind one is made when it is first asked
 * for, and dropped when nobody has leased it for long.
 *
 * @see "docs/adr/0016-a-minutes-limit.md"
 */
@Component
class OwnRates {
    private static final Duration KEPT = Duration.ofDays(1);
    private static final int BATCH = 1_000;
    private static final long MOST_PLACES = 1_000_000_000;

    private final LeaseDesk desk;
    private final OwnRateStore store;
    private final Leadership leadership;
    private final Clock clock;

    OwnRates(LeaseDesk desk, OwnRateStore store, Leadership leadership, Clock clock) {
        this.desk = desk;
        this.store = store;
        this.leadership = leadership;
        this.clock = clock;
    }

    static void requireSensible(OwnRate rate) {
        if (rate.places() < 1 || rate.places() > MOST_PLACES) {
            throw new InvalidRequestException(
                    "'ownRate.places' is " + rate.places() + " but must be 1 to " + MOST_PLACES);
        }
    }

    /** As of any policy; of one that is not there yet, or has another amount, once it is right. */
    Optional<LeaseDesk.Answered> answer(Holder holder, LeaseWish wish, OwnRate rate) {
        Optional<LeaseDesk.Answered> first = desk.answer(holder, wish);
        if (first.filter(it -> it.state().limit() == rate.places()).isPresent()) {
            return first;
        }
        store.put(wish.policyId(), rate, clock.instant());
        return desk.answer(holder, wish);
    }

    @Scheduled(initialDelayString = "PT1M", fixedDelayString = "PT1H")
    void dropIdle() {
        if (leadership.isLeader()) {
            Instant now = clock.instant();
            store.idle(now, KEPT, BATCH).forEach(id -> store.drop(id, now, KEPT));
        }
    }
}
