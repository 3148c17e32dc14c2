package dev.atrium.gateway.quota;

import static dev.atrium.gateway.quota.TestPolicies.HOUR;
import static dev.atrium.gateway.quota.TestPolicies.PROPERTIES;
import static dev.atrium.gateway.quota.TestPolicies.REGISTRY_TIME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.gateway.upstream.TokenBounds;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What one call holds, until its end. */
class ReservationTests {
    private static final Instant OPENED = HOUR.plusSeconds(1_801);
    private static final Demand DEMAND = new Demand(new TokenBounds(10, 20, 30), 3_000, 100, null);

    private final UUID lease = UUID.randomUUID();
    private final Allowance total = granted(TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100), 40);
    private final Allowance rate =
            granted(TestPolicies.rate(Unit.TOKENS, Window.SECOND, 10, 40), 40);
    private final Allowance level = granted(TestPolicies.hard(Unit.CONCURRENCY, Window.NONE, 1), 1);
    private final Reservation call = new Reservation(List.of(total, rate, level), null, 0);

    @Test
    void tellsTheJournalOfTotalsOnly() {
        takeAll();

        assertThat(call.open(OPENED))
                .containsExactly(
                        new Charge(total.policy.id(), HOUR, Unit.TOKENS, lease, 30, 0, false));
    }

    @Test
    void holdsWhatItTookUntilTheLedgerHasItBack() {
        takeAll();
        call.open(OPENED);

        call.end(0);

        assertThat(available(total)).isEqualTo(10);
        assertThat(available(rate)).isEqualTo(10);
        assertThat(available(level)).isEqualTo(1);
        assertThat(open()).isZero();
    }

    @Test
    void givesEverythingBackWhenNoNodeHeardOfIt() {
        takeAll();

        call.end(0);

        assertThat(available(total)).isEqualTo(40);
        assertThat(available(rate)).isEqualTo(40);
        assertThat(available(level)).isEqualTo(1);
        assertThat(open()).isZero();
    }

    @Test
    void givesEverythingBackWhenTheJournalDidNotTakeIt() {
        takeAll();
        call.open(OPENED);

        call.rollBack();
        call.end(0);

        assertThat(available(total)).isEqualTo(40);
    }

    @Test
    void endsOnce() {
        takeAll();

        call.end(0);
        call.end(0);

        assertThat(open()).isZero();
        assertThat(available(total)).isEqualTo(40);
        assertThat(available(level)).isEqualTo(1);
    }

    @Test
    void takesNothingAfterItsEnd() {
        call.end(0);

        Take late = total.take(5, 5, 0);

        assertThat(call.add(late)).isFalse();
        assertThat(call.open(OPENED)).isEmpty();
    }

    @Test
    void givesWhatARateCountedAndTheCallDidNotUseBackOnce() {
        takeAll();
        call.open(OPENED);

        call.settle(new Consumption(true, 10, 8, 0), 0);
        long after = rate.standing(0).left();
        call.settle(new Consumption(true, 0, 0, 0), 0);

        assertThat(after).isEqualTo(10 + 12);
        assertThat(rate.standing(0).left()).isEqualTo(after);
        assertThat(available(total)).isEqualTo(10);
    }

    @Test
    void aRateIsNotPaidBackMoreThanItCounted() {
        takeAll();

        call.settle(new Consumption(true, 10, 100, 0), 0);

        assertThat(rate.standing(0).left()).isEqualTo(10);
    }

    @Test
    void putsBackWhatOtherLimitsDoNotLetItUse() {
        takeAll();

        call.fit(new Demand(new TokenBounds(10, 5, 15), 700, 100, null), 0);

        assertThat(call.outputTokens()).isEqualTo(5);
        assertThat(call.deadline()).isEqualTo(Duration.ofMillis(700));
        assertThat(available(total)).isEqualTo(25);
        assertThat(call.open(OPENED)).extracting(Charge::reserved).containsExactly(15L);
    }

    @Test
    void mayNotGenerateBeforeItIsReserved() {
        assertThat(call.outputTokens()).isZero();
        assertThat(call.deadline()).isEqualTo(Duration.ZERO);
        assertThat(call.open(OPENED)).isEmpty();
    }

    @Test
    void isChargedToASoftPolicyWithoutTakingAnything() {
        Allowance soft =
                granted(TestPolicies.policy(Unit.TOKENS, Window.HOUR, 100, null, Mode.SOFT), 0);
        Reservation watched = new Reservation(List.of(soft), null, 0);
        watched.fit(DEMAND, 0);

        assertThat(watched.open(OPENED))
                .containsExactly(
                        new Charge(soft.policy.id(), HOUR, Unit.TOKENS, null, 30, 0, false));
    }

    @Test
    void belongsToTheWindowOfItsBeginningWhereNoLeaseNamesOne() {
        Allowance soft =
                granted(TestPolicies.policy(Unit.TOKENS, Window.HOUR, 100, null, Mode.SOFT), 0);
        Instant end = HOUR.plusSeconds(3_600);

        assertThat(windowOf(soft, end.minusMillis(1))).isEqualTo(HOUR);
        assertThat(windowOf(soft, end)).isEqualTo(end);
        soft.endWindow(0);
        assertThat(windowOf(soft, OPENED)).isEqualTo(OPENED);
    }

    @Test
    void belongsToTheMomentItBeganInAWindowThatNeverEnds() {
        FeedPolicy lifetime =
                TestPolicies.policy(Unit.TOKENS, Window.LIFETIME, 100, null, Mode.SOFT);

        assertThat(windowOf(granted(lifetime, 0), OPENED)).isEqualTo(OPENED);
    }

    @Test
    void saysThatADryRunWouldHaveRefusedIt() {
        Allowance dry =
                granted(TestPolicies.policy(Unit.TOKENS, Window.HOUR, 100, null, Mode.DRY_RUN), 0);
        Reservation watched = new Reservation(List.of(dry), null, 0);
        watched.fit(DEMAND, 0);

        watched.wouldHaveRefused(dry);

        assertThat(watched.open(OPENED)).extracting(Charge::refused).containsExactly(true);
    }

    @Test
    void isNotChargedForWhatItCannotUse() {
        Allowance output = granted(TestPolicies.hard(Unit.OUTPUT_TOKENS, Window.HOUR, 100), 40);
        Reservation embedding = new Reservation(List.of(output), null, 0);
        embedding.fit(new Demand(TokenBounds.ofInput(10), 3_000, 100, null), 0);

        assertThat(embedding.open(OPENED)).isEmpty();
    }

    @Test
    void tellsWhereHardPoliciesStand() {
        Allowance soft =
                granted(TestPolicies.policy(Unit.TOKENS, Window.HOUR, 100, null, Mode.SOFT), 0);
        Reservation of = new Reservation(List.of(soft, total), null, 0);

        assertThat(of.standings(0)).extracting(Standing::policy).containsExactly(total.policy);
    }

    @Test
    void isEmptyWhereNoPolicyApplies() {
        assertThat(Reservation.NONE.isEmpty()).isTrue();
        assertThat(Reservation.NONE.open(OPENED)).isEmpty();
        Reservation.NONE.rollBack();
        Reservation.NONE.settle(new Consumption(true, 1, 1, 1), 0);
        assertThat(call.isEmpty()).isFalse();
    }

    private Instant windowOf(Allowance watched, Instant openedAt) {
        Reservation of = new Reservation(List.of(watched), null, 0);
        of.fit(DEMAND, 0);
        return of.open(openedAt).getFirst().windowStart();
    }

    private void takeAll() {
        call.add(total.take(30, 30, 0));
        call.add(rate.take(30, 30, 0));
        call.add(level.take(1, 1, 0));
        call.fit(DEMAND, 0);
    }

    private long open() {
        return total.open() + rate.open() + level.open();
    }

    private Allowance granted(FeedPolicy policy, long amount) {
        Allowance allowance =
                policy.window().isRate()
                        ? new RateAllowance(policy, PROPERTIES, 0)
                        : new UnitAllowance(policy, PROPERTIES, 0);
        allowance.apply(
                TestPolicies.state(policy, HOUR, amount == 0 ? null : lease, amount, 0, amount),
                REGISTRY_TIME,
                0,
                0);
        return allowance;
    }

    /** What the next call could take. */
    private static long available(Allowance of) {
        Take take = of.take(1, 1_000, 0);
        if (take == null) {
            return 0;
        }
        of.release(take, 0);
        return take.units();
    }
}
