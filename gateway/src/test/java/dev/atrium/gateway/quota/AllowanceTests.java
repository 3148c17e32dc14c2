package dev.atrium.gateway.quota;

import static dev.atrium.gateway.quota.TestPolicies.HOUR;
import static dev.atrium.gateway.quota.TestPolicies.MILLI;
import static dev.atrium.gateway.quota.TestPolicies.PROPERTIES;
import static dev.atrium.gateway.quota.TestPolicies.REGISTRY_TIME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What is said to the registry of one policy, and what becomes of its answers. */
class AllowanceTests {
    private final FeedPolicy policy = TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100);
    private final UnitAllowance allowance = new UnitAllowance(policy, PROPERTIES, 0);
    private final List<Decision> decisions = new ArrayList<>();
    private final UUID lease = UUID.randomUUID();

    @Test
    void asksOnceForAllThatWait() {
        await(30, 50);
        await(10, 20);

        LeaseWish wish = allowance.wishes(0).getFirst();

        assertThat(wish.atLeast()).isEqualTo(10);
        assertThat(wish.want()).isEqualTo(70);
        assertThat(allowance.wishes(1)).isEmpty();
    }

    @Test
    void letsNoMoreWaitThanItMay() {
        assertThat(await(1, 1)).isTrue();
        assertThat(await(1, 1)).isTrue();
        assertThat(await(1, 1)).isFalse();
    }

    @Test
    void servesInTheirOrderAndAsksAgainForTheRestWhileThereIsMore() {
        await(30, 50);
        await(10, 20);
        allowance.wishes(0);

        reply(state(HOUR, lease, 55, 0, 55), 0);
        LeaseWish again = allowance.wishes(30 * MILLI).getFirst();
        reply(state(HOUR, lease, 55, 0, 100), 30 * MILLI);

        assertThat(decisions.getFirst()).isEqualTo(Decision.GRANTED);
        assertThat(again.atLeast()).isEqualTo(5);
        assertThat(decisions.getLast())
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.why()).isEqualTo(Decision.Why.RESERVED));
        assertThat(allowance.open()).isEqualTo(1);
    }

    @Test
    void refusesForGoodWhatIsUsedUpAndDoesNotAskForAWhile() {
        await(30, 50);
        allowance.wishes(0);

        reply(state(HOUR, lease, 0, 80, 80), 0);

        assertThat(decisions.getFirst())
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> {
                            assertThat(refused.why()).isEqualTo(Decision.Why.SPENT);
                            assertThat(refused.retryAfter()).isEqualTo(Duration.ofMinutes(30));
                        });
        assertThat(allowance.isShort(30, 999 * MILLI)).isTrue();
        assertThat(allowance.isShort(20, 999 * MILLI)).isFalse();
        assertThat(allowance.isShort(30, 1_001 * MILLI)).isFalse();
    }

    @Test
    void asksAgainInTheNextWindowAndReturnsTheFormer() {
        await(10, 10);
        allowance.wishes(0);
        reply(state(HOUR, lease, 40, 0, 40), 0);
        await(50, 50);
        allowance.wishes(30 * MILLI);

        Instant next = HOUR.plusSeconds(3_600);
        allowance.answered(
                allowance.apply(
                        state(HOUR, lease, 40, 0, 40), next.plusSeconds(1), 30 * MILLI, 31 * MILLI),
                31 * MILLI);
        List<LeaseWish> wishes = allowance.wishes(60 * MILLI);

        assertThat(decisions).hasSize(1);
        assertThat(wishes).hasSize(2);
        assertThat(wishes.getFirst().windowStart()).isEqualTo(HOUR);
        assertThat(wishes.getFirst().leaseId()).isEqualTo(lease);
        assertThat(wishes.getFirst().returned()).isEqualTo(30);
        assertThat(wishes.getLast().windowStart()).isNull();
        assertThat(wishes.getLast().atLeast()).isEqualTo(50);
    }

    @Test
    void ignoresAnAnswerOfAFormerWindow() {
        Instant next = HOUR.plusSeconds(3_600);
        await(10, 10);
        allowance.wishes(0);
        allowance.answered(
                allowance.apply(state(next, lease, 40, 0, 40), next.plusSeconds(1), 0, 0), 0);

        allowance.apply(
                state(HOUR, UUID.randomUUID(), 90, 0, 90), HOUR.plusSeconds(3_599), 0, MILLI);

        assertThat(allowance.take(40, 40, MILLI)).isNull();
        assertThat(allowance.take(30, 30, MILLI)).isNotNull();
    }

    @Test
    void answersARecallWithWhatNobodyHasTaken() {
        await(10, 10);
        allowance.wishes(0);
        reply(state(HOUR, lease, 40, 0, 40), 0);

        allowance.recalled(30 * MILLI);
        LeaseWish answer = allowance.wishes(30 * MILLI).getFirst();

        assertThat(answer.returned()).isEqualTo(30);
        assertThat(answer.want()).isZero();
        assertThat(allowance.take(1, 1, 30 * MILLI)).isNull();
    }

    @Test
    void saysEverythingAgainAfterARequestThatNobodyAnswered() {
        await(10, 10);
        allowance.wishes(0);
        reply(state(HOUR, lease, 40, 0, 40), 0);
        allowance.recalled(30 * MILLI);
        allowance.wishes(30 * MILLI);

        allowance.failed(31 * MILLI);

        assertThat(allowance.isUnreachable(32 * MILLI)).isTrue();
        assertThat(allowance.wishes(32 * MILLI)).isEmpty();
        assertThat(allowance.wishes(300 * MILLI).getFirst().returned()).isEqualTo(30);
    }

    @Test
    void looksOnceMoreForWhatWasGrantedTwiceAndGivesItBack() {
        await(10, 10);
        allowance.wishes(0);
        reply(state(HOUR, lease, 10, 0, 10), 0);
        allowance.keep(29_000 * MILLI);
        allowance.ended();
        assertThat(allowance.wishes(29_000 * MILLI)).isEmpty();

        LeaseWish look = allowance.wishes(30_000 * MILLI).getFirst();
        reply(state(HOUR, lease, 20, 0, 20), 30_000 * MILLI);
        allowance.keep(30_000 * MILLI);

        assertThat(look.want()).isZero();
        assertThat(allowance.wishes(30_001 * MILLI).getFirst().returned()).isEqualTo(10);
        reply(state(HOUR, lease, 20, 10, 0), 30_001 * MILLI);
        assertThat(allowance.wishes(90_000 * MILLI)).isEmpty();
    }

    @Test
    void letsACallGoOnWhenThePolicyIsGone() {
        await(10, 10);
        allowance.wishes(0);

        allowance.answered(Allowance.Answer.GONE, 0);

        assertThat(decisions).containsExactly(Decision.GRANTED);
    }

    @Test
    void givesWhatACallThatHasEndedWasServedBack() {
        Reservation ended = new Reservation(List.of(allowance), null, 0);
        ended.end(0);
        Mono.<Decision>create(sink -> allowance.await(new Waiter(10, 10, ended, sink)))
                .subscribe(decisions::add);
        allowance.wishes(0);

        reply(state(HOUR, lease, 10, 0, 10), 0);

        assertThat(decisions).isEmpty();
        assertThat(allowance.open()).isZero();
        assertThat(allowance.take(10, 10, MILLI)).isNotNull();
    }

    @Test
    void renewsWhatIsInUseAtItsInterval() {
        await(10, 10);
        allowance.wishes(0);
        reply(state(HOUR, lease, 40, 0, 40), 0);

        assertThat(allowance.wishes(4_999 * MILLI)).isEmpty();
        assertThat(allowance.wishes(5_000 * MILLI))
                .containsExactly(new LeaseWish(policy.id(), HOUR, lease, 0, 0, 0, 0));
    }

    @Test
    void renewsForACallThatHoldsEverythingAndForNobodyWhenItHasEnded() {
        await(40, 40);
        allowance.wishes(0);
        reply(state(HOUR, lease, 40, 0, 40), 0);

        assertThat(allowance.wishes(5_000 * MILLI)).hasSize(1);
        reply(state(HOUR, lease, 40, 0, 40), 5_000 * MILLI);
        allowance.ended();

        assertThat(allowance.wishes(15_000 * MILLI)).isEmpty();
    }

    @Test
    void renewsWhatWaitsForCalls() {
        await(40, 40);
        allowance.wishes(0);
        reply(state(HOUR, lease, 41, 0, 41), 0);
        allowance.ended();

        assertThat(allowance.wishes(5_000 * MILLI)).hasSize(1);
    }

    @Test
    void tellsOfRefusalsAtMostOnceASecond() {
        allowance.countRefusal();
        List<LeaseWish> first = allowance.wishes(0);
        reply(state(HOUR, null, 0, 100, 0), 0);
        allowance.countRefusal();
        allowance.countRefusal();

        List<LeaseWish> early = allowance.wishes(999 * MILLI);
        List<LeaseWish> second = allowance.wishes(1_000 * MILLI);

        assertThat(first).containsExactly(new LeaseWish(policy.id(), null, null, 0, 0, 0, 1));
        assertThat(early).isEmpty();
        assertThat(second).containsExactly(new LeaseWish(policy.id(), HOUR, null, 0, 0, 0, 3));
    }

    @Test
    void countsRefusalsAnewInEachWindow() {
        allowance.countRefusal();
        allowance.wishes(0);
        reply(state(HOUR, null, 0, 100, 0), 0);

        allowance.endWindowIfOver(1_800_000 * MILLI);
        allowance.wantState();

        assertThat(allowance.wishes(1_801_000 * MILLI))
                .containsExactly(new LeaseWish(policy.id(), null, null, 0, 0, 0, 0));
    }

    @Test
    void asksForTheStateOnceWhenSomebodyLooks() {
        allowance.wantState();

        assertThat(allowance.wishes(0)).hasSize(1);
        reply(state(HOUR, null, 0, 0, 0), 0);
        assertThat(allowance.wishes(MILLI)).isEmpty();
    }

    @Test
    void knowsHowOldItsKnowledgeIs() {
        assertThat(allowance.hasFreshState(Duration.ofSeconds(1), 0)).isFalse();

        reply(state(HOUR, null, 0, 0, 0), 5);

        assertThat(allowance.hasFreshState(Duration.ofSeconds(1), 1_000 * MILLI + 5)).isTrue();
        assertThat(allowance.hasFreshState(Duration.ofSeconds(1), 1_000 * MILLI + 6)).isFalse();
    }

    @Test
    void believesTheAnswerToTheLaterQuestion() {
        allowance.apply(state(HOUR, lease, 10, 30, 10), REGISTRY_TIME, 10, 20);
        allowance.apply(state(HOUR, lease, 10, 20, 10), REGISTRY_TIME, 9, 21);
        assertThat(allowance.standing(21).used()).isEqualTo(30);

        allowance.apply(state(HOUR, lease, 10, 40, 10), REGISTRY_TIME, 10, 22);

        assertThat(allowance.standing(22).used()).isEqualTo(40);
    }

    @Test
    void usesALeaseForAsLongAsTheRegistrySaysFromTheQuestionOn() {
        long sentAt = 7 * MILLI;
        allowance.apply(state(HOUR, lease, 10, 0, 10), REGISTRY_TIME, sentAt, 900 * MILLI);

        assertThat(allowance.take(1, 1, 50_007 * MILLI - 1)).isNotNull();
        assertThat(allowance.take(1, 1, 50_007 * MILLI)).isNull();
    }

    @Test
    void usesNoLeaseBeyondTheEndOfItsWindow() {
        Instant late = HOUR.plusSeconds(3_590);
        allowance.apply(state(HOUR, lease, 10, 0, 10), late, 0, 0);

        assertThat(allowance.take(1, 1, 9_999 * MILLI)).isNotNull();
        assertThat(allowance.take(1, 1, 10_000 * MILLI)).isNull();
    }

    @Test
    void usesNothingThatIsNotValidAnyMore() {
        LeaseState said = state(HOUR, lease, 10, 0, 10);
        LeaseState expired =
                new LeaseState(
                        said.policyId(),
                        said.windowStart(),
                        said.windowEnd(),
                        lease,
                        10,
                        -1,
                        said.limit(),
                        0,
                        10,
                        0);

        Allowance.Answer answer = allowance.apply(expired, REGISTRY_TIME, 0, 0);

        assertThat(answer).isEqualTo(Allowance.Answer.SAME);
        assertThat(allowance.take(1, 1, 0)).isNull();
    }

    @Test
    void endsTheWindowByItsOwnClockWhenItIsOver() {
        await(10, 10);
        allowance.wishes(0);
        reply(state(HOUR, lease, 40, 0, 40), 0);

        allowance.endWindowIfOver(1_800_000 * MILLI - 1);
        boolean before = allowance.hasFreshState(Duration.ofDays(1), 0);
        allowance.endWindowIfOver(1_800_000 * MILLI);

        assertThat(before).isTrue();
        assertThat(allowance.hasFreshState(Duration.ofDays(1), 0)).isFalse();
        assertThat(allowance.lacking(5, 1_800_000 * MILLI)).isEqualTo(5);
        assertThat(allowance.wishes(1_800_000 * MILLI))
                .containsExactly(
                        new LeaseWish(policy.id(), HOUR, lease, 0, 0, 30, 0),
                        lookAtThePresentWindow());
    }

    @Test
    void doesNotLetOthersAskAgainForATimeThatFitsTheReason() {
        assertShortFor(Duration.ofMillis(20), Mode.HARD, 40, 60);
        assertShortFor(Duration.ofSeconds(1), Mode.HARD, 95, 0);
        assertShortFor(Duration.ofSeconds(1), Mode.DRY_RUN, 40, 60);
    }

    private void assertShortFor(Duration time, Mode mode, long used, long reserved) {
        FeedPolicy counted = TestPolicies.policy(Unit.TOKENS, Window.HOUR, 100, null, mode);
        UnitAllowance of = new UnitAllowance(counted, PROPERTIES, 0);
        Reservation call = new Reservation(List.of(of), null, 0);
        Mono.<Decision>create(sink -> of.await(new Waiter(10, 10, call, sink))).subscribe();
        of.wishes(0);
        of.answered(
                of.apply(
                        TestPolicies.state(counted, HOUR, null, 0, used, reserved),
                        REGISTRY_TIME,
                        0,
                        0),
                0);

        assertThat(of.isShort(10, time.toNanos() - 1)).isTrue();
        assertThat(of.isShort(9, time.toNanos() - 1)).isFalse();
        assertThat(of.isShort(10, time.toNanos())).isFalse();
    }

    @Test
    void letsAskAgainAtOnceWhenThePolicyHasChanged() {
        await(30, 50);
        allowance.wishes(0);
        reply(state(HOUR, lease, 0, 80, 0), 0);

        allowance.use(policy, 1);
        boolean unchanged = allowance.isShort(30, 2);
        allowance.use(TestPolicies.changed(policy, 200, null), 3);

        assertThat(unchanged).isTrue();
        assertThat(allowance.isShort(30, 3)).isFalse();
    }

    @Test
    void tellsThoseWhoWaitThatNobodyAnswered() {
        await(30, 50);
        allowance.wishes(0);
        assertThat(allowance.isUnreachable(0)).isFalse();

        allowance.failed(MILLI);

        assertThat(decisions).singleElement().isInstanceOf(Decision.Unreachable.class);
        assertThat(allowance.isUnreachable(201 * MILLI - 1)).isTrue();
        assertThat(allowance.isUnreachable(201 * MILLI)).isFalse();
    }

    @Test
    void isReachableAsSoonAsTheRegistryAnswersAgain() {
        allowance.failed(0);

        reply(state(HOUR, null, 0, 0, 0), MILLI);

        assertThat(allowance.isUnreachable(2 * MILLI)).isFalse();
    }

    @Test
    void servesFromWhatCameMeanwhileThoughNobodyAnswered() {
        await(10, 10);
        allowance.wishes(0);
        allowance.apply(state(HOUR, lease, 10, 0, 10), REGISTRY_TIME, 0, 0);

        allowance.failed(MILLI);

        assertThat(decisions).containsExactly(Decision.GRANTED);
        assertThat(allowance.open()).isEqualTo(1);
    }

    @Test
    void servesFromWhatIsHereInsteadOfAsking() {
        allowance.apply(state(HOUR, lease, 60, 0, 60), REGISTRY_TIME, 0, 0);
        await(10, 10);

        List<LeaseWish> wishes = allowance.wishes(0);

        assertThat(decisions).containsExactly(Decision.GRANTED);
        assertThat(wishes).extracting(LeaseWish::want).containsOnly(0L);
    }

    @Test
    void asksOnlyForWhatIsMissing() {
        allowance.apply(state(HOUR, lease, 20, 0, 20), REGISTRY_TIME, 0, 0);
        await(30, 50);

        LeaseWish wish = allowance.wishes(0).getFirst();

        assertThat(wish.atLeast()).isEqualTo(10);
        assertThat(wish.want()).isEqualTo(30);
    }

    @Test
    void leavesOutWhoHasGivenUpWaiting() {
        Reservation call = new Reservation(List.of(allowance), null, 0);
        Waiter gone = waiter(call, 70);
        allowance.await(gone);
        gone.giveUp();
        await(10, 10);

        assertThat(allowance.wishes(0).getFirst().want()).isEqualTo(10);
        reply(state(HOUR, lease, 80, 0, 80), 0);
        assertThat(decisions).containsExactly(Decision.GRANTED);
        assertThat(allowance.open()).isEqualTo(1);
    }

    @Test
    void makesRoomForOthersWhenSomebodyGivesUpWaiting() {
        Waiter gone = waiter(new Reservation(List.of(allowance), null, 0), 1);
        allowance.await(gone);
        await(1, 1);
        gone.giveUp();

        assertThat(await(1, 1)).isTrue();
    }

    @Test
    void keepsTheOrderOfThoseWhoAskAgain() {
        await(30, 30);
        await(40, 40);
        allowance.wishes(0);
        reply(state(HOUR, lease, 5, 0, 5), 0);
        await(35, 35);

        allowance.wishes(30 * MILLI);
        reply(state(HOUR, lease, 70, 0, 70), 30 * MILLI);

        assertThat(decisions).hasSize(2).containsOnly(Decision.GRANTED);
        assertThat(allowance.take(1, 1, 30 * MILLI)).isNull();
    }

    @Test
    void asksNothingTwiceAndNotWhileTheRegistryIsAway() {
        await(10, 10);
        allowance.wishes(0);
        await(10, 10);
        List<LeaseWish> whileAsked = allowance.wishes(MILLI);
        allowance.failed(2 * MILLI);
        List<LeaseWish> whileAway = allowance.wishes(202 * MILLI - 1);

        assertThat(whileAsked).isEmpty();
        assertThat(whileAway).isEmpty();
        assertThat(allowance.wishes(202 * MILLI)).hasSize(1);
    }

    @Test
    void saysWhatCameBackOfEveryLeaseInTheEnd() {
        await(10, 10);
        allowance.wishes(0);
        reply(state(HOUR, lease, 40, 0, 40), 0);
        allowance.endWindow(MILLI);
        allowance.wishes(2 * MILLI);
        UUID next = UUID.randomUUID();
        reply(state(HOUR.plusSeconds(3_600), next, 7, 0, 7), 3 * MILLI);

        allowance.giveEverythingBack(4 * MILLI);

        assertThat(allowance.lastWords())
                .containsExactly(
                        new LeaseWish(policy.id(), HOUR, lease, 0, 0, 30, 0),
                        new LeaseWish(policy.id(), HOUR.plusSeconds(3_600), next, 0, 0, 7, 0));
    }

    @Test
    void saysNothingInTheEndWhereNothingWasHeld() {
        assertThat(allowance.lastWords()).isEmpty();
    }

    @Test
    void isForgottenTenMinutesAfterItsLastCall() {
        allowance.wishes(0);

        assertThat(allowance.isForgettable(600_000 * MILLI)).isFalse();
        assertThat(allowance.isForgettable(600_000 * MILLI + 1)).isTrue();
    }

    @Test
    void isNotForgottenWhileSomethingIsLeftToDo() {
        long late = 700_000 * MILLI;
        allowance.wantState();
        allowance.wishes(0);
        boolean asking = allowance.isForgettable(late);
        allowance.apply(longLease(5), REGISTRY_TIME, 0, 0);
        allowance.answered(Allowance.Answer.MORE, 0);
        boolean holding = allowance.isForgettable(late);
        Take take = allowance.take(5, 5, 1);
        boolean calling = allowance.isForgettable(late);
        allowance.ended();
        boolean idle = allowance.isForgettable(late);
        allowance.endWindow(late);
        boolean returning = allowance.isForgettable(late);

        assertThat(take).isNotNull();
        assertThat(List.of(asking, holding, calling, returning)).containsOnly(false);
        assertThat(idle).isTrue();
    }

    @Test
    void isNotForgottenBeforeItHasLookedForWhatWasGrantedTwice() {
        await(10, 10);
        allowance.wishes(0);
        reply(state(HOUR, null, 0, 100, 0), 0);
        boolean inDoubt = allowance.isForgettable(700_000 * MILLI);
        allowance.wishes(30_000 * MILLI);
        reply(state(HOUR, null, 0, 100, 0), 30_000 * MILLI);

        assertThat(inDoubt).isFalse();
        assertThat(allowance.isForgettable(700_000 * MILLI)).isTrue();
    }

    @Test
    void findsWhatWasGrantedUnheardOfTheNextWindow() {
        await(10, 10);
        allowance.wishes(0);
        reply(state(HOUR, lease, 10, 0, 10), 0);
        allowance.ended();
        allowance.endWindow(MILLI);
        UUID unheard = UUID.randomUUID();

        List<LeaseWish> early = allowance.wishes(29_000 * MILLI);
        reply(state(HOUR, lease, 10, 0, 10), 29_000 * MILLI);
        List<LeaseWish> look = allowance.wishes(30_000 * MILLI);
        reply(state(HOUR.plusSeconds(3_600), unheard, 64, 0, 64), 30_001 * MILLI);
        allowance.giveEverythingBack(30_002 * MILLI);

        assertThat(early).containsExactly(new LeaseWish(policy.id(), HOUR, lease, 0, 0, 0, 0));
        assertThat(look).containsExactly(lookAtThePresentWindow());
        assertThat(allowance.wishes(30_002 * MILLI))
                .containsExactly(
                        new LeaseWish(policy.id(), HOUR.plusSeconds(3_600), unheard, 0, 0, 64, 0));
    }

    @Test
    void looksAgainWhereARegistryTellsOfTheWindowThatIsOver() {
        await(10, 10);
        allowance.wishes(0);
        reply(state(HOUR, lease, 10, 0, 10), 0);
        allowance.ended();
        allowance.endWindow(MILLI);

        allowance.wishes(30_000 * MILLI);
        reply(state(HOUR, lease, 10, 0, 10), 30_002 * MILLI);
        boolean inDoubt = allowance.isForgettable(700_000 * MILLI);
        List<LeaseWish> soon = allowance.wishes(60_000 * MILLI - 1);
        List<LeaseWish> again = allowance.wishes(60_000 * MILLI);
        reply(state(HOUR.plusSeconds(3_600), null, 0, 0, 0), 60_001 * MILLI);

        assertThat(inDoubt).isFalse();
        assertThat(soon).isEmpty();
        assertThat(again).containsExactly(lookAtThePresentWindow());
        assertThat(allowance.wishes(90_001 * MILLI)).isEmpty();
        assertThat(allowance.isForgettable(700_000 * MILLI)).isTrue();
    }

    @Test
    void returnsOfAPastWindowAreSaidUntilTheyAreHeard() {
        allowance.apply(state(HOUR, lease, 40, 0, 40), REGISTRY_TIME, 0, 0);
        Take late = allowance.take(15, 15, 0);
        allowance.endWindow(0);

        List<LeaseWish> first = allowance.wishes(0);
        allowance.answered(Allowance.Answer.SAME, 0);
        List<LeaseWish> again = allowance.wishes(1_000 * MILLI);
        allowance.release(late, 2_000 * MILLI);
        boolean unsaid = allowance.isForgettable(700_000 * MILLI);
        List<LeaseWish> more = allowance.wishes(3_000 * MILLI);
        allowance.answered(Allowance.Answer.SAME, 3_000 * MILLI);

        assertThat(first).extracting(LeaseWish::returned).containsExactly(25L);
        assertThat(again).isEmpty();
        assertThat(more).extracting(LeaseWish::returned).containsExactly(40L);
        assertThat(unsaid).isFalse();
        assertThat(allowance.isForgettable(700_000 * MILLI)).isTrue();
    }

    @Test
    void usesNothingAgainOfWhichARegistryThatIsBehindTellsLate() {
        allowance.apply(state(HOUR, lease, 40, 0, 40), REGISTRY_TIME, 0, 0);
        Take all = allowance.take(40, 40, 0);
        allowance.ended();
        allowance.endWindow(0);
        allowance.wishes(0);
        allowance.answered(Allowance.Answer.SAME, 0);
        allowance.wantState();
        allowance.wishes(300_000 * MILLI);

        reply(state(HOUR, lease, 40, 0, 40), 300_000 * MILLI);

        assertThat(all).isNotNull();
        assertThat(allowance.take(1, 1, 300_000 * MILLI)).isNull();
    }

    @Test
    void whatIsGrantedOfAPastLeaseGoesBack() {
        allowance.apply(state(HOUR, lease, 40, 0, 40), REGISTRY_TIME, 0, 0);
        allowance.endWindow(0);
        allowance.wishes(0);
        allowance.answered(Allowance.Answer.SAME, 0);

        Allowance.Answer answer =
                allowance.apply(state(HOUR, lease, 45, 0, 45), REGISTRY_TIME, 0, MILLI);

        assertThat(answer).isEqualTo(Allowance.Answer.SAME);
        assertThat(allowance.take(1, 1, MILLI)).isNull();
        assertThat(allowance.wishes(2 * MILLI))
                .extracting(LeaseWish::returned)
                .containsExactly(45L);
    }

    @Test
    void anotherLeaseOfTheWindowTakesThePlaceOfTheFormer() {
        UUID other = UUID.randomUUID();
        allowance.apply(state(HOUR, lease, 40, 0, 40), REGISTRY_TIME, 0, 0);

        Allowance.Answer answer = allowance.apply(state(HOUR, other, 8, 0, 8), REGISTRY_TIME, 1, 1);

        assertThat(answer).isEqualTo(Allowance.Answer.MORE);
        assertThat(allowance.take(9, 9, 2)).isNull();
        assertThat(allowance.take(8, 8, 2)).isNotNull();
        assertThat(allowance.wishes(2)).extracting(LeaseWish::leaseId).contains(lease);
    }

    private LeaseWish lookAtThePresentWindow() {
        return new LeaseWish(policy.id(), null, null, 0, 0, 0, 0);
    }

    private LeaseState longLease(long amount) {
        return new LeaseState(
                policy.id(),
                HOUR,
                HOUR.plusSeconds(3_600),
                lease,
                amount,
                3_600_000,
                100,
                0,
                amount,
                0);
    }

    private Waiter waiter(Reservation call, long units) {
        Waiter[] waiter = new Waiter[1];
        Mono.<Decision>create(sink -> waiter[0] = new Waiter(units, units, call, sink))
                .subscribe(decisions::add);
        return waiter[0];
    }

    private boolean await(long least, long most) {
        boolean[] room = new boolean[1];
        Reservation call = new Reservation(List.of(allowance), null, 0);
        Mono.<Decision>create(
                        sink -> room[0] = allowance.await(new Waiter(least, most, call, sink)))
                .subscribe(decisions::add);
        return room[0];
    }

    private void reply(LeaseState state, long now) {
        allowance.answered(allowance.apply(state, REGISTRY_TIME, now, now), now);
    }

    private LeaseState state(
            Instant window, @Nullable UUID id, long amount, long used, long reserved) {
        return TestPolicies.state(policy, window, id, amount, used, reserved);
    }
}
