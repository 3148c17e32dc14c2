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

/** A hundred calls a second with a burst of ten: ten slices of one unit and ten a second each. */
class RateAllowanceTests {
    /** What rounding down may cost. */
    private static final long HAIR = 10;

    private static final long SLICES = 10;

    private final UUID lease = UUID.randomUUID();
    private final FeedPolicy policy = TestPolicies.rate(Unit.REQUESTS, Window.SECOND, 100, SLICES);
    private final RateAllowance rate = new RateAllowance(policy, PROPERTIES, 0);

    @Test
    void takesNothingBeforeItHasSlices() {
        assertThat(rate.take(1, 1, 0)).isNull();
        assertThat(rate.lacking(5, 0)).isEqualTo(1);
        assertThat(rate.standing(0))
                .isEqualTo(
                        new Standing(
                                policy,
                                100,
                                0,
                                0,
                                SLICES,
                                Duration.ZERO,
                                Duration.ZERO,
                                Duration.ofSeconds(1),
                                false));
        assertThat(refused(1, 0).why()).isEqualTo(Decision.Why.RATE);
        assertThat(refused(1, 0).retryAfter()).isEqualTo(Allowance.SOON);
    }

    @Test
    void takesItsBurstAndThenWhatTheRateBrings() {
        grant(SLICES, 0);

        assertThat(takeAll(0)).isEqualTo(10);
        assertThat(rate.take(1, 1, 10 * MILLI - HAIR)).isNull();
        assertThat(rate.take(1, 1, 10 * MILLI + HAIR)).isNotNull();
        assertThat(takeAll(SECOND)).isEqualTo(10);
    }

    @Test
    void takesAPartOfTheBurstWithAPartOfTheSlices() {
        grant(4, 0);

        assertThat(rate.take(5, 5, 0)).isNull();
        assertThat(rate.take(1, 9, 0).units()).isEqualTo(4);
        assertThat(rate.open()).isEqualTo(1);
        assertThat(rate.take(1, 1, 25 * MILLI - HAIR)).isNull();
        assertThat(rate.take(1, 1, 25 * MILLI + HAIR)).isNotNull();
    }

    @Test
    void usesASecondAsASecondAndAMinuteAsAMinute() {
        FeedPolicy perMinute = TestPolicies.rate(Unit.REQUESTS, Window.MINUTE, 60, 1);
        RateAllowance slow = new RateAllowance(perMinute, PROPERTIES, 0);
        TestPolicies.grant(slow, lease, 1, 0);
        slow.take(1, 1, 0);

        assertThat(slow.take(1, 1, SECOND - HAIR)).isNull();
        assertThat(slow.take(1, 1, SECOND + HAIR)).isNotNull();
        assertThat(slow.standing(0).window()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void hasABurstOfItsAmountWhereNoneIsSet() {
        FeedPolicy plain = TestPolicies.hard(Unit.REQUESTS, Window.SECOND, 7);
        RateAllowance of = new RateAllowance(plain, PROPERTIES, 0);
        TestPolicies.grant(of, lease, 7, 0);

        assertThat(of.take(1, 100, 0).units()).isEqualTo(7);
    }

    @Test
    void givesBackWhatACallDidNotUse() {
        grant(SLICES, 0);
        Take taken = rate.take(8, 8, 0);

        taken.putBack(3, 0);

        assertThat(rate.take(6, 6, 0)).isNull();
        assertThat(rate.take(5, 5, 0)).isNotNull();
    }

    @Test
    void usesNoLeaseWhoseTimeIsOver() {
        grant(SLICES, 0);

        assertThat(rate.take(1, 1, 50 * SECOND - 1)).isNotNull();
        assertThat(rate.take(1, 1, 50 * SECOND)).isNull();
        assertThat(rate.lacking(5, 50 * SECOND)).isEqualTo(1);
    }

    @Test
    void lacksAsManySlicesAsWouldBringTheMissingUnits() {
        grant(4, 0);
        rate.take(4, 4, 0);

        assertThat(rate.lacking(3, 0)).isEqualTo(3);
        assertThat(rate.lacking(0, 0)).isEqualTo(1);
        assertThat(rate.lacking(9, 0)).isEqualTo(6);
    }

    @Test
    void lacksNothingWhenItHasAllSlices() {
        grant(SLICES, 0);
        takeAll(0);

        assertThat(rate.lacking(5, 0)).isZero();
    }

    @Test
    void wantsItsWholeShareAsSoonAsSomebodyCalls() {
        assertThat(rate.ahead(0)).isZero();

        rate.take(1, 1, 0);

        assertThat(rate.ahead(0)).isEqualTo(10);
        RateAllowance large =
                new RateAllowance(
                        TestPolicies.rate(Unit.REQUESTS, Window.SECOND, 20_000, 9_000),
                        PROPERTIES,
                        0);
        large.take(1, 1, 0);
        assertThat(large.ahead(0)).isEqualTo(1_000);
    }

    @Test
    void wantsTheSlicesOfOthersWhileItIsCalledAndNobodyElseWantsThem() {
        grant(4, 0);
        assertThat(rate.ahead(0)).isZero();

        callsPerSecond(3);

        assertThat(rate.ahead(SECOND)).isEqualTo(6);
    }

    @Test
    void wantsThemAtOnceWhenACallWaits() {
        grant(4, 0);
        rate.take(1, 1, 0);

        assertThat(rate.ahead(0)).isZero();
        assertThat(rate.aheadOfCalls(0, 0)).isEqualTo(6);
        rate.recalled(0);
        assertThat(rate.aheadOfCalls(0, 0)).isZero();
    }

    @Test
    void wantsOnlyWhatItNeedsForAWhileAfterARecall() {
        grant(4, 0);
        // 90 in a second are 27 a second after one look: three slices of ten a second each.
        callsPerSecond(90);
        rate.recalled(SECOND);
        long kept = SLICES - rate.ahead(6 * SECOND);

        assertThat(rate.ahead(SECOND)).isEqualTo(1);
        assertThat(rate.ahead(6 * SECOND - 1)).isEqualTo(1);
        assertThat(kept).isEqualTo(2);
    }

    @Test
    void givesUpHalfOfItsSlicesAtARecallWhenItNeedsThemItself() {
        grant(SLICES, 0);
        callsPerSecond(900);
        rate.keep(2 * SECOND);

        rate.recalled(3 * SECOND);

        assertThat(returned(3 * SECOND)).isEqualTo(5);
        assertThat(takeAll(3 * SECOND)).isEqualTo(5);
    }

    @Test
    void givesUpEverythingAtARecallWhenNobodyCalls() {
        grant(SLICES, 0);

        rate.recalled(0);

        assertThat(returned(0)).isEqualTo(10);
        assertThat(rate.take(1, 1, 0)).isNull();
    }

    @Test
    void handsASliceOnOnlyWhenItIsFull() {
        grant(SLICES, 0);
        takeAll(0);

        rate.recalled(0);
        long empty = returned(0);
        rate.keep(100 * MILLI - HAIR);
        long almostFull = returned(100 * MILLI - HAIR);
        rate.keep(100 * MILLI + 100 * HAIR);

        assertThat(empty).isZero();
        assertThat(almostFull).isLessThan(10);
        assertThat(returned(100 * MILLI + 100 * HAIR)).isEqualTo(10);
    }

    @Test
    void takesWhatWasOnItsWayOutBackIntoUseWhenNobodyWantsItAnyMore() {
        grant(SLICES, 0);
        takeAll(0);
        rate.recalled(0);

        Take modest = rate.take(1, 1, 30 * MILLI);
        Take later = rate.take(1, 1, 5 * SECOND);

        assertThat(modest).isNull();
        assertThat(later).isNotNull();
        assertThat(rate.lacking(20, 5 * SECOND)).isZero();
    }

    @Test
    void givesEverythingBackThatIsNotCalledForLong() {
        grant(SLICES, 0);
        rate.take(1, 1, SECOND);

        rate.keep(11 * SECOND);
        long before = returned(11 * SECOND);
        rate.keep(11 * SECOND + 1);

        assertThat(before).isZero();
        assertThat(returned(11 * SECOND + 1)).isEqualTo(10);
    }

    @Test
    void givesEverythingBackInTheEnd() {
        grant(SLICES, 0);

        rate.giveEverythingBack(0);

        assertThat(rate.lastWords()).extracting(LeaseWish::returned).containsExactly(10L);
    }

    @Test
    void givesEverythingBackWhenItsLeaseLapses() {
        grant(SLICES, 0);
        takeAll(49 * SECOND);

        rate.keep(50 * SECOND);

        assertThat(returned(50 * SECOND)).isEqualTo(10);
        assertThat(rate.take(1, 1, 50 * SECOND)).isNull();
    }

    @Test
    void givesEverythingBackAtTheEndOfItsWindow() {
        grant(SLICES, 0);

        rate.endWindow(0);

        assertThat(rate.wishes(0)).extracting(LeaseWish::returned).containsExactly(10L);
        assertThat(rate.take(1, 1, 0)).isNull();
    }

    @Test
    void slicesOfAnotherNumberBeginWithNothingOfTheFormerOnes() {
        grant(SLICES, 0);
        takeAll(0);
        FeedPolicy other = TestPolicies.changed(policy, 100, 20L);
        UUID next = UUID.randomUUID();
        rate.use(other, 0);

        rate.apply(
                TestPolicies.state(other, TestPolicies.HOUR.plusSeconds(1), next, 20, 0, 20),
                TestPolicies.REGISTRY_TIME,
                0,
                0);

        assertThat(takeAll(0)).isEqualTo(20);
        assertThat(rate.wishes(0)).extracting(LeaseWish::leaseId).contains(lease);
    }

    @Test
    void slicesCutAnewWithinALeaseKeepWhatWasHeldButNoCredit() {
        grant(4, 0);
        rate.take(2, 2, 0);

        rate.apply(cut(6, 20), TestPolicies.REGISTRY_TIME, 1, 1);

        // Two new slices of twenty bring a twentieth of the burst each.
        assertThat(takeAll(1)).isEqualTo(1);
        assertThat(rate.lacking(100, 1)).isEqualTo(14);
    }

    private LeaseState cut(long amount, long slices) {
        return new LeaseState(
                policy.id(),
                TestPolicies.HOUR,
                null,
                lease,
                amount,
                TestPolicies.VALID_MILLIS,
                slices,
                0,
                amount,
                0);
    }

    @Test
    void aChangedRateBeginsWithTheCreditThatThereWas() {
        grant(SLICES, 0);
        rate.take(7, 7, 0);

        rate.use(TestPolicies.changed(policy, 1_000, SLICES), 0);

        assertThat(rate.take(4, 4, 0)).isNull();
        assertThat(rate.take(3, 3, 0)).isNotNull();
        assertThat(rate.take(1, 1, MILLI + HAIR)).isNotNull();
    }

    @Test
    void aSmallerBurstLeavesNoMoreCreditThanFits() {
        grant(SLICES, 0);

        rate.use(TestPolicies.changed(policy, 100, 5L), 0);

        assertThat(takeAll(0)).isEqualTo(5);
    }

    @Test
    void whatIsOnItsWayOutStaysWithAChangedRate() {
        grant(SLICES, 0);
        takeAll(0);
        rate.recalled(0);

        rate.use(TestPolicies.changed(policy, 200, SLICES), 0);

        assertThat(rate.take(1, 1, 0)).isNull();
        assertThat(rate.lacking(100, 0)).isZero();
    }

    @Test
    void aPolicyThatIsTheSameChangesNothing() {
        grant(SLICES, 0);
        takeAll(0);

        rate.use(TestPolicies.changed(policy, 100, SLICES), 5 * MILLI);

        assertThat(rate.take(1, 1, 10 * MILLI + HAIR)).isNotNull();
    }

    @Test
    void isChangedBeforeItHasSlices() {
        rate.use(TestPolicies.changed(policy, 50, 5L), 0);

        assertThat(rate.standing(0).limit()).isEqualTo(50);
        assertThat(rate.standing(0).left()).isEqualTo(5);
    }

    @Test
    void standsAtTheCreditOfNow() {
        grant(SLICES, 0);
        rate.take(6, 6, 0);

        Standing standing = rate.standing(0);

        assertThat(standing.left()).isEqualTo(4);
        assertThat(standing.isKnown()).isTrue();
        assertThat(standing.reset()).isBetween(millis(60), millis(60).plusNanos(HAIR));
        assertThat(standing.more()).isBetween(millis(10), millis(10).plusNanos(HAIR));
    }

    @Test
    void standsWholeWhenNothingIsTaken() {
        grant(SLICES, 0);

        assertThat(rate.standing(0).reset()).isEqualTo(Duration.ZERO);
        assertThat(rate.standing(0).more()).isEqualTo(Duration.ZERO);
    }

    @Test
    void saysWhenEnoughWillBeThere() {
        grant(SLICES, 0);
        takeAll(0);

        assertThat(refused(3, 0).why()).isEqualTo(Decision.Why.RATE);
        assertThat(refused(3, 0).retryAfter()).isBetween(millis(30), millis(30).plusNanos(HAIR));
        assertThat(refused(3, 0).needed()).isEqualTo(3);
    }

    @Test
    void saysSoonWhenItsSlicesCanNeverHoldSoMuch() {
        grant(4, 0);

        assertThat(refused(5, 0).retryAfter()).isEqualTo(Allowance.SOON);
    }

    @Test
    void refusesForGoodWhatIsMoreThanTheBurst() {
        grant(SLICES, 0);

        assertThat(refused(11, 0).why()).isEqualTo(Decision.Why.SPENT);
        assertThat(refused(11, 0).retryAfter()).isNull();
        assertThat(refused(10, 0).why()).isEqualTo(Decision.Why.RATE);
    }

    @Test
    void refusesForGoodWithARateOfNothing() {
        RateAllowance none =
                new RateAllowance(
                        TestPolicies.rate(Unit.REQUESTS, Window.SECOND, 0, 1), PROPERTIES, 0);

        assertThat(((Decision.Refused) none.refusal(1, 0)).why()).isEqualTo(Decision.Why.SPENT);
    }

    @Test
    void renewsWhatItHoldsThoughNoCallRuns() {
        grant(SLICES, 0);

        assertThat(rate.wishes(5 * SECOND)).hasSize(1);
    }

    @Test
    void renewsWhatIsOnItsWayOut() {
        grant(SLICES, 0);
        takeAll(4_990 * MILLI);
        rate.recalled(4_990 * MILLI);

        assertThat(rate.wishes(5 * SECOND)).hasSize(1);
    }

    @Test
    void isNotForgottenWhileItHoldsSlices() {
        grant(SLICES, 0);
        boolean holding = rate.isForgettable(700 * SECOND);
        rate.giveEverythingBack(0);

        assertThat(holding).isFalse();
        assertThat(rate.isForgettable(700 * SECOND)).isTrue();
    }

    private void grant(long slices, long now) {
        TestPolicies.grant(rate, lease, slices, now);
    }

    private void callsPerSecond(int calls) {
        for (int i = 0; i < calls; i++) {
            rate.take(1, 1, 0);
        }
        rate.keep(SECOND);
    }

    private long takeAll(long now) {
        Take taken = rate.take(1, 1_000, now);
        return taken == null ? 0 : taken.units();
    }

    private long returned(long now) {
        LeaseWish wish = rate.question();
        assertThat(wish.leaseId()).as("at %s", now).isEqualTo(lease);
        return wish.returned();
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    private Decision.Refused refused(long least, long now) {
        return (Decision.Refused) rate.refusal(least, now);
    }
}
