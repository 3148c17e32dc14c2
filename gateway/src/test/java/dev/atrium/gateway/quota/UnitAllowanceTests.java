package dev.atrium.gateway.quota;

import static dev.atrium.gateway.quota.TestPolicies.HOUR;
import static dev.atrium.gateway.quota.TestPolicies.MILLI;
import static dev.atrium.gateway.quota.TestPolicies.PROPERTIES;
import static dev.atrium.gateway.quota.TestPolicies.REGISTRY_TIME;
import static dev.atrium.gateway.quota.TestPolicies.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Totals and levels: what is fetched ahead, given back, and told of them. */
class UnitAllowanceTests {
    private final UUID lease = UUID.randomUUID();
    private final FeedPolicy policy = TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100);
    private final UnitAllowance allowance = new UnitAllowance(policy, PROPERTIES, 0);

    @Test
    void fetchesAheadWhenLessThanHalfOfTheNextTwoSecondsIsLeft() {
        // 10 in the last second are 3 per second after one look: 6 for two seconds.
        demand(12, 10);
        assertThat(allowance.ahead(SECOND)).isEqualTo(4);

        UnitAllowance enough = new UnitAllowance(policy, PROPERTIES, 0);
        TestPolicies.grant(enough, lease, 13, 0);
        enough.take(10, 10, 0);
        enough.keep(SECOND);

        assertThat(enough.ahead(SECOND)).isZero();
    }

    @Test
    void wishesForWhatItFetchesAheadWithoutInsisting() {
        demand(12, 10);

        LeaseWish wish = allowance.wishes(SECOND).getFirst();

        assertThat(wish.atLeast()).isZero();
        assertThat(wish.want()).isEqualTo(4);
    }

    @Test
    void isLowOnlyWhileItMayFetchAhead() {
        demand(12, 10);
        assertThat(allowance.isLow(SECOND)).isTrue();

        allowance.wishes(SECOND);
        boolean whileAsked = allowance.isLow(SECOND);
        allowance.answered(Allowance.Answer.SAME, SECOND);

        assertThat(whileAsked).isFalse();
        assertThat(allowance.isLow(SECOND + 500 * MILLI - 1)).isFalse();
        assertThat(allowance.isLow(SECOND + 500 * MILLI)).isTrue();
    }

    @Test
    void fetchesAheadAgainSoonAfterItGotSomething() {
        demand(12, 10);
        allowance.wishes(SECOND);

        allowance.answered(Allowance.Answer.MORE, SECOND);

        assertThat(allowance.isLow(SECOND + 20 * MILLI - 1)).isFalse();
        assertThat(allowance.isLow(SECOND + 20 * MILLI)).isTrue();
    }

    @Test
    void fetchesAheadWithWhatIsAskedForThoseThatWait() {
        demand(12, 12);
        allowance.wishes(SECOND);
        allowance.answered(Allowance.Answer.MORE, SECOND);
        await(5);

        LeaseWish wish = allowance.wishes(SECOND + MILLI).getFirst();

        // 3.6 a second for two seconds, and the one that waits.
        assertThat(wish.atLeast()).isEqualTo(5);
        assertThat(wish.want()).isEqualTo(8 + 5);
    }

    @Test
    void fetchesAheadAfterAPauseWhatWasWantedBeforeIt() {
        // 100 in a second are 30 a second after one look, and half of that a minute later.
        demand(100, 100);
        for (int i = 11; i <= 610; i++) {
            allowance.keep(i * 100 * MILLI);
        }
        await(5);

        LeaseWish wish = allowance.wishes(61 * SECOND).getFirst();

        assertThat(allowance.ahead(61 * SECOND)).isZero();
        assertThat(wish.atLeast()).isEqualTo(5);
        // Two seconds of 15.
        assertThat(wish.want()).isCloseTo(30 + 5, within(1L));
    }

    @Test
    void fetchesWhatCallsWillNeedThatWaitForAnotherPolicy() {
        allowance.foresee(7);
        allowance.foresee(4);

        LeaseWish wish = allowance.wishes(0).getFirst();
        allowance.answered(Allowance.Answer.SAME, 0);

        assertThat(wish.atLeast()).isZero();
        assertThat(wish.want()).isEqualTo(11);
        assertThat(allowance.wishes(SECOND)).isEmpty();
    }

    @Test
    void fetchesNothingForCallsToComeAfterARecall() {
        demand(12, 12);
        allowance.recalled(SECOND);
        allowance.foresee(7);

        assertThat(allowance.wishes(SECOND)).allMatch(wish -> wish.want() == 0);
    }

    @Test
    void fetchesNothingAheadForThoseThatWaitWhereThereIsNothing() {
        demand(12, 12);
        allowance.wishes(SECOND);
        allowance.answered(Allowance.Answer.SAME, SECOND);
        await(5);

        assertThat(allowance.wishes(SECOND + MILLI).getFirst().want()).isEqualTo(5);
    }

    @Test
    void fetchesAheadOfTheEndOfALeaseWhoseTimeIsOver() {
        demand(100, 10);
        assertThat(allowance.ahead(SECOND)).isZero();

        assertThat(allowance.ahead(50 * SECOND)).isEqualTo(6);
    }

    @Test
    void fetchesNothingAheadWithoutALease() {
        assertThat(allowance.ahead(0)).isZero();
    }

    @Test
    void fetchesNothingAheadForASecondAfterARecall() {
        demand(12, 10);

        allowance.recalled(SECOND);

        assertThat(allowance.ahead(2 * SECOND - 1)).isZero();
        assertThat(allowance.ahead(2 * SECOND)).isEqualTo(6);
    }

    @Test
    void isRecalledWithoutALease() {
        allowance.recalled(0);

        assertThat(allowance.wishes(0)).isEmpty();
    }

    @Test
    void givesBackWhatNoCallHasTakenForLong() {
        TestPolicies.grant(allowance, lease, 40, 0);
        allowance.take(10, 10, SECOND);

        allowance.keep(11 * SECOND);
        boolean kept = allowance.lacking(30, 11 * SECOND) == 0;
        allowance.keep(11 * SECOND + 1);

        assertThat(kept).isTrue();
        assertThat(allowance.wishes(11 * SECOND + 1).getFirst().returned()).isEqualTo(30);
    }

    @Test
    void usesNothingOfALeaseThatLapsedThoughItIsRenewedLater() {
        TestPolicies.grant(allowance, lease, 40, 0);
        Take taken = allowance.take(10, 10, 49 * SECOND);

        allowance.keep(50 * SECOND);
        TestPolicies.grant(allowance, lease, 45, 51 * SECOND);
        allowance.release(taken, 52 * SECOND);

        assertThat(allowance.take(6, 6, 52 * SECOND)).isNull();
        assertThat(allowance.take(5, 5, 52 * SECOND)).isNotNull();
        assertThat(allowance.wishes(52 * SECOND).getFirst().returned()).isEqualTo(40);
    }

    @Test
    void putsBackWhatACallHasNotUsed() {
        TestPolicies.grant(allowance, lease, 40, 0);
        Take taken = allowance.take(40, 40, 0);

        taken.putBack(15, 1);
        taken.putBack(0, 1);

        assertThat(taken.less(15).units()).isEqualTo(25);
        assertThat(allowance.take(16, 16, 1)).isNull();
        assertThat(allowance.take(15, 15, 1)).isNotNull();
    }

    @Test
    void lacksWhatIsNotInItsLease() {
        assertThat(allowance.lacking(7, 0)).isEqualTo(7);

        TestPolicies.grant(allowance, lease, 5, 0);

        assertThat(allowance.lacking(7, 0)).isEqualTo(2);
        assertThat(allowance.lacking(3, 0)).isZero();
        assertThat(allowance.lacking(3, 50 * SECOND)).isEqualTo(3);
    }

    @Test
    void knowsNothingUntilTheRegistryHasTold() {
        assertThat(allowance.standing(0))
                .isEqualTo(new Standing(policy, 100, 0, 0, 100, null, null, null, false));
    }

    @Test
    void standsWhereTheRegistrySaysWithWhatIsLeftHere() {
        said(policy, 20, 30, 50, 5);

        assertThat(allowance.standing(600 * SECOND))
                .isEqualTo(
                        new Standing(
                                policy,
                                100,
                                30,
                                35,
                                35,
                                Duration.ofSeconds(1_200),
                                Duration.ofSeconds(1_200),
                                Duration.ofHours(1),
                                true));
    }

    @Test
    void standsAtNothingLeftBeyondItsLimit() {
        said(policy, 0, 120, 10, 0);

        Standing standing = allowance.standing(2_000 * SECOND);

        assertThat(standing.left()).isZero();
        assertThat(standing.reserved()).isZero();
        assertThat(standing.reset()).isEqualTo(Duration.ZERO);
    }

    @Test
    void neverHasMoreLeftThanTheLimit() {
        said(policy, 60, 0, 0, 0);

        assertThat(allowance.standing(0).left()).isEqualTo(100);
    }

    @Test
    void refusesUntilTheEndOfTheWindowWhatIsSpent() {
        said(policy, 0, 90, 0, 0);

        assertThat(refused(allowance, 11))
                .isEqualTo(
                        new Decision.Refused(
                                allowance.standing(0),
                                Decision.Why.SPENT,
                                Duration.ofSeconds(1_800),
                                11));
        assertThat(refused(allowance, 10).why()).isEqualTo(Decision.Why.RESERVED);
        assertThat(refused(allowance, 10).retryAfter()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void refusesForGoodWhatNoWindowCanHold() {
        said(policy, 0, 1, 0, 0);

        assertThat(refused(allowance, 101).retryAfter()).isNull();
        assertThat(refused(allowance, 100).retryAfter()).isEqualTo(Duration.ofSeconds(1_800));
    }

    @Test
    void refusesForGoodWhatIsSpentForALifetime() {
        FeedPolicy lifetime = TestPolicies.hard(Unit.TOKENS, Window.LIFETIME, 100);
        UnitAllowance forEver = new UnitAllowance(lifetime, PROPERTIES, 0);
        forEver.apply(TestPolicies.state(lifetime, HOUR, null, 0, 100, 0), REGISTRY_TIME, 0, 0);
        forEver.endWindowIfOver(Long.MAX_VALUE / 2);

        assertThat(refused(forEver, 1).why()).isEqualTo(Decision.Why.SPENT);
        assertThat(refused(forEver, 1).retryAfter()).isNull();
        assertThat(forEver.standing(0).reset()).isNull();
        assertThat(forEver.standing(0).window()).isNull();
    }

    @Test
    void refusesMoreCallsAtATimeThanThereMayBe() {
        FeedPolicy level = TestPolicies.hard(Unit.CONCURRENCY, Window.NONE, 2);
        UnitAllowance permits = new UnitAllowance(level, PROPERTIES, 0);
        permits.apply(TestPolicies.state(level, HOUR, lease, 2, 0, 2), REGISTRY_TIME, 0, 0);
        permits.take(1, 1, 0);
        permits.take(1, 1, 0);

        assertThat(permits.take(1, 1, 0)).isNull();
        assertThat(refused(permits, 1).why()).isEqualTo(Decision.Why.LEVEL);
        assertThat(refused(permits, 1).retryAfter()).isEqualTo(Duration.ofSeconds(1));
        assertThat(refused(permits, 3).why()).isEqualTo(Decision.Why.SPENT);
    }

    private void await(long units) {
        Reservation call = new Reservation(List.of(allowance), null, 0);
        Mono.<Decision>create(sink -> allowance.await(new Waiter(units, units, call, sink)))
                .subscribe();
    }

    private void demand(long granted, long taken) {
        TestPolicies.grant(allowance, lease, granted, 0);
        allowance.take(taken, taken, 0);
        allowance.keep(SECOND);
    }

    private void said(FeedPolicy of, long available, long used, long reserved, long unreconciled) {
        allowance.apply(
                new LeaseState(
                        of.id(),
                        HOUR,
                        HOUR.plusSeconds(3_600),
                        lease,
                        available,
                        50_000,
                        of.amount(),
                        used,
                        reserved,
                        unreconciled),
                REGISTRY_TIME,
                0,
                0);
    }

    private static Decision.Refused refused(Allowance by, long least) {
        return (Decision.Refused) by.refusal(least, 0);
    }
}
