package dev.atrium.gateway.quota;

import static dev.atrium.gateway.quota.TestPolicies.MILLI;
import static dev.atrium.gateway.quota.TestPolicies.PROPERTIES;
import static dev.atrium.gateway.quota.TestPolicies.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Sixty calls in any second: sixty places, each of which serves again a second later. */
class SlidingRateAllowanceTests {
    /** A place is free up to a sixtieth of its window late. */
    private static final long NEXT_SECOND = SECOND + 20 * MILLI;

    private final UUID lease = UUID.randomUUID();
    private final FeedPolicy policy = TestPolicies.hard(Unit.REQUESTS, Window.SECOND, 60);
    private final RateAllowance rate = new RateAllowance(policy, PROPERTIES, 0);

    @Test
    void takesItsAmountAtOnceAndThenNothingForAWindow() {
        grant(60, 0);

        assertThat(takeAll(0)).isEqualTo(60);
        assertThat(takeAll(SECOND - 1)).isZero();
        assertThat(takeAll(NEXT_SECOND)).isEqualTo(60);
    }

    @Test
    void givesBackWhatACallDidNotUse() {
        grant(60, 0);
        Take taken = rate.take(60, 60, 0);

        taken.putBack(7, MILLI);

        assertThat(takeAll(MILLI)).isEqualTo(7);
    }

    @Test
    void wantsAllPlacesAsSoonAsSomebodyCalls() {
        rate.take(1, 1, 0);

        assertThat(rate.ahead(0)).isEqualTo(60);
    }

    @Test
    void wantsMoreOnlyWhenFewAreFreeForTheNextTwoSeconds() {
        grant(40, 0);
        calls(10);
        assertThat(rate.ahead(NEXT_SECOND)).isZero();

        rate.take(33, 33, NEXT_SECOND);

        // Three a second are seven with one to spare, and seven are free.
        assertThat(rate.ahead(NEXT_SECOND)).isEqualTo(20);
        rate.take(1, 1, 2 * NEXT_SECOND);
        assertThat(rate.ahead(2 * NEXT_SECOND)).isZero();
    }

    @Test
    void givesUpHalfOfWhatIsFreeAtARecallWhenItNeedsMoreThanThat() {
        grant(60, 0);
        calls(300);

        rate.recalled(NEXT_SECOND);

        assertThat(returned()).isEqualTo(30);
        assertThat(takeAll(NEXT_SECOND)).isEqualTo(30);
    }

    @Test
    void keepsOfWhatIsFreeAtARecallOnlyWhatItNeeds() {
        grant(60, 0);
        calls(20);

        rate.recalled(NEXT_SECOND);

        // Six a second, each for a little more than one.
        assertThat(returned()).isEqualTo(53);
    }

    @Test
    void keepsThePlacesThatServeAtARecall() {
        grant(60, 0);
        rate.take(25, 25, 0);

        rate.recalled(0);

        assertThat(returned()).isEqualTo(35);
        assertThat(takeAll(0)).isZero();
        assertThat(takeAll(NEXT_SECOND)).isEqualTo(25);
    }

    @Test
    void givesUpPlacesThatServeAsSoonAsTheyAreFree() {
        grant(60, 0);
        takeAll(0);

        rate.recalled(0);
        long before = returned();
        rate.keep(NEXT_SECOND);

        assertThat(before).isZero();
        assertThat(returned()).isEqualTo(60);
    }

    @Test
    void givesIdlePlacesBackTogetherWhenAllAreFree() {
        RateAllowance slow =
                new RateAllowance(
                        TestPolicies.hard(Unit.REQUESTS, Window.MINUTE, 60), PROPERTIES, 0);
        TestPolicies.grant(slow, lease, 60, 0);
        slow.take(5, 5, 0);
        TestPolicies.grant(slow, lease, 60, 40 * SECOND);

        slow.keep(11 * SECOND);
        long whileOneCounts = slow.question().returned();
        slow.keep(62 * SECOND);

        assertThat(whileOneCounts).isZero();
        assertThat(slow.question().returned()).isEqualTo(60);
    }

    @Test
    void givesWhatIsFreeBackInTheEnd() {
        grant(60, 0);
        rate.take(5, 5, 0);

        rate.giveEverythingBack(20 * SECOND);

        assertThat(rate.lastWords()).extracting(LeaseWish::returned).containsExactly(60L);
    }

    @Test
    void aRaisedAmountTakesNothingAway() {
        grant(60, 0);
        rate.take(20, 20, 0);

        rate.use(TestPolicies.changed(policy, 120, null), 0);

        assertThat(takeAll(0)).isEqualTo(40);
        assertThat(rate.lacking(200, 0)).isEqualTo(60);
    }

    @Test
    void aLoweredAmountLeavesItsPartOfThePlaces() {
        grant(60, 0);

        rate.use(TestPolicies.changed(policy, 20, null), 0);

        assertThat(returned()).isEqualTo(40);
        assertThat(takeAll(0)).isEqualTo(20);
    }

    @Test
    void beginsAnewWhenItBecomesABucket() {
        grant(60, 0);

        rate.use(TestPolicies.changed(policy, 60, 10L), 0);

        assertThat(returned()).isEqualTo(60);
        assertThat(rate.take(1, 1, 0)).isNull();
        assertThat(rate.standing(0).isKnown()).isFalse();
    }

    @Test
    void hasAnotherNumberOfPlacesWhenTheRegistrySaysSo() {
        grant(40, 0);
        takeAll(0);

        LeaseState more =
                new LeaseState(
                        policy.id(),
                        TestPolicies.HOUR,
                        null,
                        lease,
                        45,
                        TestPolicies.VALID_MILLIS,
                        80,
                        0,
                        45,
                        0);
        rate.apply(more, TestPolicies.REGISTRY_TIME, 1, 1);

        assertThat(takeAll(1)).isEqualTo(5);
        assertThat(rate.lacking(100, 1)).isEqualTo(35);
    }

    @Test
    void saysWhenAPlaceWillBeFree() {
        grant(60, 0);
        takeAll(0);

        Decision.Refused refused = (Decision.Refused) rate.refusal(1, 0);

        assertThat(refused.why()).isEqualTo(Decision.Why.RATE);
        assertThat(refused.retryAfter())
                .isBetween(Duration.ofSeconds(1), Duration.ofNanos(NEXT_SECOND));
        assertThat(rate.standing(0).reset()).isEqualTo(refused.retryAfter());
    }

    private void grant(long places, long now) {
        TestPolicies.grant(rate, lease, places, now);
    }

    /** So many calls at the beginning of the first second. */
    private void calls(int calls) {
        for (int i = 0; i < calls; i++) {
            rate.take(1, 1, 0);
        }
        rate.keep(SECOND);
    }

    private long takeAll(long now) {
        Take taken = rate.take(1, 1_000, now);
        return taken == null ? 0 : taken.units();
    }

    private long returned() {
        return rate.question().returned();
    }
}
