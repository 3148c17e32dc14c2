package dev.atrium.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.TenantId;
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
    private static final long MILLI = 1_000_000L;
    private static final Instant HOUR = Instant.parse("2026-01-01T10:00:00Z");
    private static final QuotaProperties PROPERTIES =
            new QuotaProperties(
                    Duration.ofMillis(250),
                    2,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(10),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(1));

    private final FeedPolicy policy =
            new FeedPolicy(
                    new PolicyId(UUID.randomUUID()),
                    new TenantId(UUID.randomUUID()),
                    "test",
                    PolicySubject.TENANT,
                    Unit.TOKENS,
                    Window.HOUR,
                    100,
                    null,
                    Mode.HARD,
                    null);
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

    private boolean await(long least, long most) {
        boolean[] room = new boolean[1];
        Reservation call = new Reservation(List.of(allowance), null, 0);
        Mono.<Decision>create(
                        sink -> room[0] = allowance.await(new Waiter(least, most, call, sink)))
                .subscribe(decisions::add);
        return room[0];
    }

    private void reply(LeaseState state, long now) {
        Instant registryTime = HOUR.plusSeconds(1_800);
        allowance.answered(allowance.apply(state, registryTime, now, now), now);
    }

    private LeaseState state(
            Instant window, @Nullable UUID id, long amount, long used, long reserved) {
        return new LeaseState(
                policy.id(),
                window,
                window.plusSeconds(3_600),
                id,
                amount,
                50_000,
                100,
                used,
                reserved,
                0);
    }
}
