package dev.atrium.registry.quota;

import static dev.atrium.registry.usage.TestCalls.charged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.api.quota.LeaseReply;
import dev.atrium.registry.api.quota.LeaseRequest;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.Recall;
import dev.atrium.registry.api.quota.RecallPage;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What gateways hold never adds up to more than there is, whatever becomes of messages. */
class LeaseIT extends QuotaTest {
    private TestTenant acme;

    @BeforeEach
    void makeTenant() {
        acme = tenant("lease");
        await().until(leadership::isLeader);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 100, 10_000})
    void handsOutExactlyTheAmountUnder64AsksAtOnceFromThreeGateways(long amount) throws Exception {
        for (long seed = 1; seed <= 3; seed++) {
            PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, amount);
            List<TestGateway> gateways = List.of(gateway(), gateway(), gateway());
            Random random = new Random(seed);

            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> asking = new ArrayList<>();
                for (int i = 0; i < 64; i++) {
                    TestGateway gateway = gateways.get(i % 3);
                    long want = 1 + random.nextLong(1 + amount / 8);
                    asking.add(threads.submit(() -> takeUntilNothingIsLeft(gateway, policy, want)));
                }
                for (Future<?> ask : asking) {
                    ask.get();
                }
            }

            assertThat(figures(policy)).isEqualTo(new Figures(0, amount, 0, 0));
            assertSumsAgree(policy);
        }
    }

    private static void takeUntilNothingIsLeft(TestGateway gateway, PolicyId policy, long want) {
        LeaseState state;
        do {
            state = gateway.ask(policy, 1, want);
            assertThat(state.used() + state.reserved() + state.unreconciled())
                    .isLessThanOrEqualTo(state.limit());
        } while (state.reserved() < state.limit());
    }

    @Test
    void lostDoubledAndOvertakenMessagesLeaveTheSumsRight() throws Exception {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.DAY, 500);
        TestGateway one = gateway();
        TestGateway other = gateway();
        LeaseState ofOne = one.ask(policy, 1, 100);
        LeaseState ofOther = other.ask(policy, 1, 100);
        Random random = new Random(11);
        List<Runnable> messages = new ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            long returned = i * 3;
            LeaseWish back = TestGateway.returning(ofOne, returned);
            LeaseWish more =
                    new LeaseWish(
                            policy, ofOther.windowStart(), ofOther.leaseId(), 0, 5, returned, i);
            for (int copies = random.nextInt(3); copies >= 0; copies--) {
                messages.add(() -> one.send(back));
                messages.add(() -> other.send(more));
            }
        }
        Collections.shuffle(messages, random);

        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<?> sent : messages.stream().map(threads::submit).toList()) {
                sent.get();
            }
        }

        LeaseState last = one.send(TestGateway.returning(ofOne, 90));
        LeaseState lastOfOther = other.send(TestGateway.returning(ofOther, 90));
        assertThat(figures(policy))
                .isEqualTo(new Figures(0, last.amount() - 90 + lastOfOther.amount() - 90, 0, 30));
        assertSumsAgree(policy);
    }

    @Test
    void aRecallMakesOthersGiveBackWhatACallWaitsFor() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.HOUR, 10);
        TestGateway rich = gateway();
        TestGateway poor = gateway();
        long position = rich.recalls(0, 0).sequence();
        LeaseState held = rich.ask(policy, 1, 10);
        CompletableFuture<Recall> recalled =
                CompletableFuture.supplyAsync(() -> {
                    Recall recall = rich.recalls(position, 20_000).recalls().getFirst();
                    rich.send(TestGateway.returning(held, 7));
                    return recall;
                });

        LeaseState got = poor.ask(policy, 3, 5);

        assertThat(held.amount()).isEqualTo(10);
        assertThat(got.amount()).isBetween(3L, 5L);
        assertThat(recalled.join().policyId()).isEqualTo(policy);
        assertThat(recalled.join().windowStart()).isEqualTo(held.windowStart());
        assertThat(poor.recalls(position, 0).recalls())
                .as("nobody is recalled for the sake of his own call")
                .isEmpty();
        assertSumsAgree(policy);
    }

    @Test
    void manyWaitingCallsShareWhatComesBack() throws Exception {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.HOUR, 40);
        TestGateway rich = gateway();
        TestGateway poor = gateway();
        LeaseState held = rich.ask(policy, 40, 40);

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<LeaseState>> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                waiting.add(threads.submit(() -> poor.ask(policy, 1, 1)));
            }
            rich.send(TestGateway.returning(held, 12));
            for (Future<LeaseState> call : waiting) {
                call.get();
            }
        }

        assertThat(figures(policy).reserved()).isEqualTo(40);
        assertThat(poor.ask(policy, 0, 0).amount()).isEqualTo(12);
        assertSumsAgree(policy);
    }

    @Test
    void waitsInVainNoLongerThanAMoment() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.HOUR, 10);
        gateway().ask(policy, 10, 10);

        LeaseState refused = gateway().ask(policy, 1, 1);

        assertThat(refused.leaseId()).isNull();
        assertThat(refused.reserved()).isEqualTo(10);
        assertThat(refused.isSpent()).isFalse();
    }

    @Test
    void recallsReachOnlyWhoHoldsSomethingOfTheWindow() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.HOUR, 5);
        TestGateway holder = gateway();
        TestGateway returned = gateway();
        TestGateway stranger = gateway();
        long position = stranger.recalls(0, 0).sequence();
        LeaseState given = returned.ask(policy, 1, 1);
        returned.send(TestGateway.returning(given, given.amount()));
        holder.ask(policy, 5, 5);

        gateway().ask(policy, 1, 1);

        RecallPage forHolder = holder.recalls(position, 0);
        assertThat(forHolder.recalls()).singleElement();
        assertThat(forHolder.sequence()).isGreaterThan(position);
        assertThat(holder.recalls(forHolder.sequence(), 0).recalls()).isEmpty();
        assertThat(stranger.recalls(position, 0).recalls()).isEmpty();
        assertThat(returned.recalls(position, 0).recalls()).isEmpty();
    }

    @Test
    void aSilentGatewaysQuotaStaysCountedAndIsItsOwnAgainWhenItSpeaks() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 100);
        TestGateway silent = gateway();
        LeaseState held = silent.ask(policy, 1, 60);

        silence(held);
        await().until(() -> "EXPIRED".equals(stateOf(held)));

        assertThat(figures(policy)).isEqualTo(new Figures(0, 0, 60, 0));
        assertThat(gateway().ask(policy, 41, 41).leaseId()).isNull();
        assertSumsAgree(policy);
        LeaseState again = silent.send(TestGateway.returning(held, 10));
        assertThat(again.leaseId()).isEqualTo(held.leaseId());
        assertThat(again.amount()).isEqualTo(60);
        assertThat(figures(policy)).isEqualTo(new Figures(0, 50, 0, 0));
        assertSumsAgree(policy);
    }

    @Test
    void permitsOfASilentGatewayAreFreeAndWhatItSaysOfThemLaterIsNotTakenForNewOnes() {
        PolicyId policy = policy(acme, Unit.CONCURRENCY, Window.NONE, 8);
        TestGateway silent = gateway();
        LeaseState held = silent.ask(policy, 1, 8);

        silence(held);
        await().until(() -> "CLOSED".equals(stateOf(held)));
        LeaseState taken = gateway().ask(policy, 1, 5);
        LeaseState again = silent.ask(policy, 1, 3);
        silent.send(TestGateway.returning(held, 8));

        assertThat(taken.amount()).isEqualTo(5);
        assertThat(again.leaseId()).isNotEqualTo(held.leaseId());
        assertThat(again.amount()).isBetween(1L, 3L);
        assertThat(figures(policy).reserved()).isEqualTo(5 + again.amount());
        assertSumsAgree(policy);
    }

    @Test
    void aNewLifeFreesWhatTheFormerHeldAndAStragglerOfTheFormerFreesNothing() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 100);
        TestGateway former = gateway();
        former.ask(policy, 1, 60);
        TestGateway present = former.restarted();

        LeaseState unshipped = present.ask(policy, 1, 10);
        LeaseState held =
                present.send(true, List.of(TestGateway.wish(policy, 80, 80))).leases().getFirst();
        former.send(true, List.of(TestGateway.wish(policy, 0, 0)));

        assertThat(unshipped.reserved()).isEqualTo(70);
        assertThat(held.amount()).isEqualTo(90);
        assertThat(figures(policy)).isEqualTo(new Figures(0, 90, 0, 0));
        assertSumsAgree(policy);
    }

    @Test
    void aFormerLifeWhoseFirstQuestionComesLateFreesNothingOfThePresentOne() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 100);
        TestGateway former = gateway().beating();
        TestGateway present = former.restarted().beating();
        LeaseState held = present.ask(policy, 1, 60);

        LeaseState late =
                former.send(true, List.of(TestGateway.wish(policy, 1, 100))).leases().getFirst();

        assertThat(stateOf(held)).isEqualTo("LIVE");
        assertThat(late.amount()).isLessThanOrEqualTo(40);
        assertThat(late.reserved()).isEqualTo(60 + late.amount());
        assertSumsAgree(policy);
    }

    @Test
    void livesFollowEachOtherThoughTheDatabasesClockIsSetBack() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 100);
        TestGateway former = gateway();
        platform.sql(
                        """
                        INSERT INTO quota_gateway_life (gateway_id, incarnation, first_seen_at)
                        VALUES (?, ?, now() + interval '1 hour')
                        """)
                .params(former.id(), former.incarnation())
                .update();
        former.beating().ask(policy, 1, 60);
        TestGateway present = former.restarted().beating();

        LeaseState all =
                present.send(true, List.of(TestGateway.wish(policy, 100, 100))).leases().getFirst();

        assertThat(all.amount()).isEqualTo(100);
        assertSumsAgree(policy);
    }

    @Test
    void aQuotaOfNothingRefusesEverythingAndCountsTheRefused() {
        for (PolicyId policy :
                List.of(
                        policy(acme, Unit.TOKENS, Window.DAY, 0),
                        policy(acme, Unit.REQUESTS, Window.SECOND, 0),
                        policy(acme, Unit.CONCURRENCY, Window.NONE, 0),
                        policy(acme, Unit.REQUESTS, Window.LIFETIME, 0))) {
            TestGateway gateway = gateway();
            LeaseState refused = gateway.ask(policy, 1, 1);

            gateway.send(new LeaseWish(policy, refused.windowStart(), null, 1, 1, 0, 4));
            gateway.send(new LeaseWish(policy, refused.windowStart(), null, 1, 1, 0, 3));

            assertThat(refused.limit()).isZero();
            assertThat(refused.isSpent()).isTrue();
            assertThat(figures(policy)).isEqualTo(new Figures(0, 0, 0, 4));
        }
    }

    @Test
    void aLoweredAmountGrantsNothingMoreAndTakesNothingAway() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.DAY, 100);
        TestGateway gateway = gateway();
        gateway.ask(policy, 1, 60);

        change(acme, policy, "amount", 50);
        LeaseState lowered = gateway.ask(policy, 1, 10);
        change(acme, policy, "amount", 61);
        LeaseState raised = gateway.ask(policy, 1, 10);

        assertThat(lowered.amount()).isEqualTo(60);
        assertThat(lowered.limit()).isEqualTo(50);
        assertThat(raised.amount()).isEqualTo(61);
    }

    @Test
    void callsThatRunAreSettledThoughTheAmountWasLowered() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.DAY, 100);
        TestGateway gateway = gateway();
        LeaseState held = gateway.ask(policy, 1, 60);

        change(acme, policy, "amount", 50);
        PolicyStatus lowered = status(policy);
        gateway.ship(charged(acme.id(), List.of(charge(held, 60, 55))));
        PolicyStatus settled = status(policy);
        LeaseState none = gateway().ask(policy, 1, 1);
        change(acme, policy, "amount", 56);
        PolicyStatus raised = status(policy);

        assertThat(lowered.reserved()).isEqualTo(60);
        assertThat(lowered.left()).isZero();
        assertThat(settled.used()).isEqualTo(55);
        assertThat(settled.reserved()).isZero();
        assertThat(settled.left()).isZero();
        assertThat(settled.percent()).isEqualTo(110);
        assertThat(none.amount()).isZero();
        assertThat(raised.left()).isEqualTo(1);
        assertThat(gateway().ask(policy, 1, 5).amount()).isEqualTo(1);
        assertSumsAgree(policy);
    }

    private PolicyStatus status(PolicyId policy) {
        JsonNode items =
                http().get("/api/v1/quota-policies/status", acme.ownerToken()).json().path("items");
        return Arrays.stream(Answer.JSON.treeToValue(items, PolicyStatus[].class))
                .filter(status -> status.policy().id().equals(policy))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aRateIsSharedInSlicesOfItsBurstOrInPlaces() {
        PolicyId small = policy(acme, Unit.REQUESTS, Window.SECOND, 100, Map.of("burst", 20));
        PolicyId large = policy(acme, Unit.TOKENS, Window.MINUTE, 100, Map.of("burst", 1_000_000));
        PolicyId sliding = policy(acme, Unit.TOKENS, Window.MINUTE, 1_000_000);

        LeaseState ofSmall = gateway().ask(small, 1, 1_000);
        LeaseState ofLarge = gateway().ask(large, 1, 1_000);

        assertThat(ofSmall.limit()).isEqualTo(20);
        assertThat(ofSmall.amount()).isEqualTo(20);
        assertThat(ofSmall.windowEnd()).isNull();
        assertThat(ofLarge.limit()).isEqualTo(1_000);
        assertThat(gateway().ask(sliding, 1, 5_000).limit()).isEqualTo(1_000_000);
    }

    @Test
    void aSlidingWindowStaysOneWhenItsAmountChanges() {
        PolicyId sliding = policy(acme, Unit.REQUESTS, Window.MINUTE, 60);
        gateway().ask(sliding, 1, 60);

        change(acme, sliding, "amount", 30);

        assertThat(gateway().ask(sliding, 0, 0).limit()).isEqualTo(30);
        assertThat(gateway().ask(sliding, 1, 1).amount()).isZero();
    }

    /** With them goes a burst that may have just been used: one more for each death, never two. */
    @Test
    void eachDeathFreesTheSlicesOfARateOnceForTheNextLifeOrForOthers() {
        PolicyId rate = policy(acme, Unit.REQUESTS, Window.MINUTE, 60, Map.of("burst", 20));
        TestGateway life = gateway();
        LeaseState held = life.ask(rate, 1, 20);
        for (int death = 0; death < 3; death++) {
            TestGateway next = life.restarted();
            assertThat(next.ask(rate, 1, 20).amount()).as("while it may still live").isZero();
            held = next.send(true, List.of(TestGateway.wish(rate, 1, 20))).leases().getFirst();
            assertThat(held.amount()).isEqualTo(20);
            assertThat(figures(rate)).isEqualTo(new Figures(0, 20, 0, 0));
            life = next;
        }

        LeaseState last = held;
        silence(last);
        await().until(() -> "CLOSED".equals(stateOf(last)));

        assertThat(gateway().ask(rate, 1, 20).amount()).isEqualTo(20);
        assertThat(figures(rate)).isEqualTo(new Figures(0, 20, 0, 0));
        assertSumsAgree(rate);
    }

    @Test
    void anotherNumberOfSlicesNeedsAnotherWindow() {
        PolicyId rate = policy(acme, Unit.REQUESTS, Window.SECOND, 100, Map.of("burst", 20));
        TestGateway gateway = gateway();
        LeaseState former = gateway.ask(rate, 1, 20);

        change(acme, rate, "burst", 10);
        LeaseState present = gateway.ask(rate, 1, 20);
        LeaseState ofFormer =
                gateway.send(
                        new LeaseWish(rate, former.windowStart(), former.leaseId(), 1, 1, 0, 0));

        assertThat(present.limit()).isEqualTo(10);
        assertThat(present.amount()).isEqualTo(10);
        assertThat(present.windowStart()).isAfter(former.windowStart());
        assertThat(ofFormer.windowEnd()).isEqualTo(present.windowStart());
        assertThat(ofFormer.amount()).isEqualTo(20);
    }

    @Test
    void whoNamesItsWindowHearsThatTheRateIsCutAnotherWay() {
        PolicyId rate = policy(acme, Unit.REQUESTS, Window.SECOND, 100, Map.of("burst", 20));
        TestGateway gateway = gateway();
        LeaseState former = gateway.ask(rate, 1, 5);

        change(acme, rate, "burst", 100);
        LeaseReply ofFormer = renewal(gateway, former, 5);
        LeaseState present = gateway.ask(rate, 1, 200);

        assertIsOver(ofFormer, former);
        assertThat(present.limit()).isEqualTo(100);
        assertThat(present.amount()).isEqualTo(100);
        assertSumsAgree(rate);
    }

    private static LeaseReply renewal(TestGateway gateway, LeaseState lease, long want) {
        return gateway.send(
                false,
                List.of(
                        new LeaseWish(
                                lease.policyId(),
                                lease.windowStart(),
                                lease.leaseId(),
                                1,
                                want,
                                0,
                                0)));
    }

    private static void assertIsOver(LeaseReply reply, LeaseState former) {
        LeaseState said = reply.leases().getFirst();
        assertThat(said.windowStart()).isEqualTo(former.windowStart());
        assertThat(said.amount()).isEqualTo(former.amount());
        assertThat(said.windowEnd()).isNotNull().isBeforeOrEqualTo(reply.registryTime());
    }

    @Test
    void aWindowThatWasCutAnewIsOverThoughThisRegistrysClockIsBehind() {
        PolicyId rate = policy(acme, Unit.REQUESTS, Window.SECOND, 100, Map.of("burst", 20));
        TestGateway gateway = gateway();
        LeaseState former = gateway.ask(rate, 1, 5);
        change(acme, rate, "burst", 10);
        platform.sql(
                        """
                        WITH former AS (UPDATE quota_window SET ends_at = now() + interval '1 hour'
                                        WHERE policy_id = ? RETURNING *)
                        INSERT INTO quota_window (policy_id, starts_at, tenant_id, slices)
                        SELECT policy_id, ends_at, tenant_id, 10 FROM former
                        """)
                .param(rate.value())
                .update();

        LeaseReply ofFormer = renewal(gateway, former, 5);
        LeaseState present = gateway.ask(rate, 1, 20);

        assertIsOver(ofFormer, former);
        assertThat(present.limit()).isEqualTo(10);
        assertThat(present.amount()).isEqualTo(10);
        assertSumsAgree(rate);
    }

    @Test
    void aWindowThatHasBegunKeepsItsEndWhenTheTimeZoneChanges() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.DAY, 100);
        TestGateway gateway = gateway();
        LeaseState begun = gateway.ask(policy, 0, 0);

        platform.sql("UPDATE tenant SET time_zone = 'Asia/Tokyo' WHERE id = ?")
                .param(acme.id().value())
                .update();
        LeaseState kept = gateway.ask(policy, 0, 0);
        Instant ended = Instant.now().minusSeconds(5).truncatedTo(ChronoUnit.SECONDS);
        platform.sql(
                        """
                        UPDATE quota_window SET starts_at = ?, ends_at = ? WHERE policy_id = ?
                        """)
                .params(
                        ended.minus(Duration.ofDays(1)).atOffset(ZoneOffset.UTC),
                        ended.atOffset(ZoneOffset.UTC),
                        policy.value())
                .update();
        LeaseState next = gateway.ask(policy, 1, 5);

        Instant midnight =
                Instant.now()
                        .atZone(ZoneId.of("Asia/Tokyo"))
                        .toLocalDate()
                        .atStartOfDay(ZoneId.of("Asia/Tokyo"))
                        .toInstant();
        assertThat(kept.windowEnd()).isEqualTo(begun.windowEnd());
        assertThat(next.windowStart()).isEqualTo(ended.isAfter(midnight) ? ended : midnight);
        assertThat(next.windowEnd()).isEqualTo(midnight.plus(Duration.ofDays(1)));
        assertThat(next.amount()).isEqualTo(5);
    }

    @Test
    void anEndedWindowGrantsNothingMore() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.DAY, 100);
        TestGateway gateway = gateway();
        LeaseState held = gateway.ask(policy, 1, 30);
        platform.sql("UPDATE quota_window SET ends_at = now() WHERE policy_id = ?")
                .param(policy.value())
                .update();

        LeaseState late =
                gateway.send(
                        new LeaseWish(policy, held.windowStart(), held.leaseId(), 5, 5, 10, 0));

        assertThat(late.amount()).isEqualTo(30);
        assertThat(late.reserved()).isEqualTo(20);
        assertThat(gateway.ask(policy, 1, 5).windowStart()).isAfter(held.windowStart());
    }

    @Test
    void leavesOutWhatDoesNotExistAndAnswersTheRestInOrder() {
        PolicyId first = policy(acme, Unit.TOKENS, Window.DAY, 10);
        PolicyId deleted = policy(acme, Unit.TOKENS, Window.DAY, 10);
        PolicyId last = policy(acme, Unit.TOKENS, Window.DAY, 10);
        http().delete("/api/v1/quota-policies/" + deleted, acme.ownerToken());
        PolicyId unknown = new PolicyId(UUID.randomUUID());

        List<LeaseState> states =
                gateway()
                        .send(
                                false,
                                List.of(
                                        TestGateway.wish(last, 1, 1),
                                        TestGateway.wish(unknown, 1, 1),
                                        TestGateway.wish(deleted, 1, 1),
                                        TestGateway.wish(first, 1, 1)))
                        .leases();

        assertThat(states).extracting(LeaseState::policyId).containsExactly(last, first);
    }

    @Test
    void isForGatewaysAndSensibleWishesOnly() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.DAY, 10);
        String node = credentials.issue(MemberRole.NODE, UUID.randomUUID());
        TestGateway gateway = gateway();
        LeaseWish wish = TestGateway.wish(policy, 1, 1);

        assertThat(status(node, List.of(wish))).isEqualTo(403);
        assertThat(status("atm_wrong", List.of(wish))).isEqualTo(401);
        assertThat(status(gateway.credential(), Collections.nCopies(501, wish))).isEqualTo(400);
        assertThat(status(gateway.credential(), List.of(TestGateway.wish(policy, 2, 1))))
                .isEqualTo(400);
        assertThat(
                        status(
                                gateway.credential(),
                                List.of(new LeaseWish(policy, null, null, 0, 0, -1, 0))))
                .isEqualTo(400);
    }

    private int status(String credential, List<LeaseWish> wishes) {
        return internalHttp()
                .post(
                        "/internal/v1/leases",
                        credential,
                        new LeaseRequest(UUID.randomUUID(), false, wishes))
                .status();
    }
}
