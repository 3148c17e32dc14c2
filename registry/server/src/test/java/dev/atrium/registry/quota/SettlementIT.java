package dev.atrium.registry.quota;

import static dev.atrium.registry.usage.TestCalls.account;
import static dev.atrium.registry.usage.TestCalls.charged;
import static dev.atrium.registry.usage.TestCalls.open;
import static dev.atrium.registry.usage.TestCalls.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestNode;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.ShipNodeUsage;
import dev.atrium.registry.api.usage.ShipUsageReply;
import dev.atrium.registry.api.usage.UsageRecord;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What calls were charged is counted once, whoever tells of them, and nothing ever refuses it. */
class SettlementIT extends QuotaTest {
    private static final long GIGABYTE = 1L << 30;

    @Autowired MeterRegistry meters;
    private TestTenant acme;

    @BeforeEach
    void makeTenant() {
        acme = tenant("settle");
        platform.sql("UPDATE node SET alive = false, last_seen_at = now() - interval '1 day'")
                .update();
        await().until(leadership::isLeader);
    }

    @Test
    void settlingMovesReservationsOutOfTheLeaseAndChargesIntoTheWindow() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 100);
        TestGateway gateway = gateway();
        LeaseState held = gateway.ask(policy, 1, 50);
        UsageRecord call = charged(acme.id(), List.of(charge(held, 20, 12)));

        ShipUsageReply first = gateway.ship(call);
        ShipUsageReply again = gateway.ship(call);

        assertThat(first.inserted()).isEqualTo(1);
        assertThat(again.duplicates()).isEqualTo(1);
        assertThat(figures(policy)).isEqualTo(new Figures(12, 30, 0, 0));
        assertSumsAgree(policy);
        LeaseState after = gateway.send(TestGateway.returning(held, 99));
        assertThat(after.reserved()).isZero();
        assertThat(after.used()).isEqualTo(12);
        assertSumsAgree(policy);
    }

    @Test
    void theSameBatchesShippedAtOnceCountExactlyOnce() throws Exception {
        List<PolicyId> policies = new ArrayList<>();
        List<LeaseState> leases = new ArrayList<>();
        TestGateway gateway = gateway();
        for (int i = 0; i < 3; i++) {
            policies.add(policy(acme, Unit.TOKENS, Window.MONTH, 10_000));
            leases.add(gateway.ask(policies.get(i), 1, 10_000));
        }
        List<UsageRecord> calls = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            List<Charge> charges = new ArrayList<>();
            for (LeaseState lease : leases) {
                charges.add(charge(lease, 10, i % 11));
            }
            calls.add(charged(acme.id(), charges));
        }
        Random random = new Random(5);

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ShipUsageReply>> replies = new ArrayList<>();
            for (int batch = 0; batch < 12; batch++) {
                List<UsageRecord> shuffled = new ArrayList<>(calls);
                Collections.shuffle(shuffled, random);
                replies.add(
                        threads.submit(() -> gateway.ship(shuffled.subList(0, 200), List.of())));
            }
            for (Future<ShipUsageReply> reply : replies) {
                reply.get();
            }
        }
        gateway.ship(calls, List.of());

        long used = 0;
        for (int i = 0; i < 300; i++) {
            used += i % 11;
        }
        for (PolicyId policy : policies) {
            assertThat(figures(policy)).isEqualTo(new Figures(used, 7_000, 0, 0));
        }
        assertSumsAgree(policies.toArray(PolicyId[]::new));
    }

    @Test
    void nothingRefusesASettlementHoweverStrangeItIs() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 10);
        TestGateway gateway = gateway();
        LeaseState held = gateway.ask(policy, 1, 10);
        PolicyId nobodys = new PolicyId(UUID.randomUUID());
        PolicyId level = policy(acme, Unit.CONCURRENCY, Window.NONE, 5);
        LeaseState permits = gateway.ask(level, 1, 5);
        Instant start = held.windowStart();
        UUID lease = held.leaseId();
        double before = strange("no_lease");

        ShipUsageReply reply =
                gateway.ship(
                        charged(acme.id(), List.of(charge(held, 4, 1_000))),
                        charged(acme.id(), List.of(charge(held, 1_000_000, 3))),
                        charged(acme.id(), List.of(of(policy, start, UUID.randomUUID(), 5, 5))),
                        charged(acme.id(), List.of(of(nobodys, start, lease, 5, 5))),
                        charged(acme.id(), List.of(of(policy, start, lease, -5, -5))),
                        charged(acme.id(), List.of(of(policy, start, null, 0, Long.MAX_VALUE))),
                        charged(acme.id(), List.of(of(policy, Instant.MAX, lease, 1, 1))),
                        charged(acme.id(), List.of(of(policy, Instant.MIN, lease, 1, 1))),
                        charged(acme.id(), List.of(charge(permits, 3, 7))));

        assertThat(reply.inserted()).isEqualTo(9);
        assertThat(figures(policy))
                .isEqualTo(new Figures(1_000 + 3 + 5 + 1_000_000_000_000_000L, 0, 0, 0));
        assertThat(figures(level)).isEqualTo(new Figures(0, 5, 0, 0));
        assertThat(strange("no_lease")).isEqualTo(before + 1);
        assertThat(gateway.ask(policy, 1, 1).isSpent()).isTrue();
    }

    @Test
    void aChargeOfAWindowThatNobodyOpenedGoesToTheOneOfThatTime() {
        PolicyId soft = policy(acme, Unit.TOKENS, Window.DAY, 10, Map.of("mode", "SOFT"));
        PolicyId life = policy(acme, Unit.TOKENS, Window.LIFETIME, 10, Map.of("mode", "SOFT"));
        TestGateway gateway = gateway();
        Instant now = Instant.now();

        gateway.ship(
                charged(acme.id(), List.of(of(soft, now, null, 0, 6), of(life, now, null, 0, 3))),
                charged(acme.id(), List.of(of(soft, now.plusSeconds(90_000), null, 0, 7))));
        gateway.ship(
                charged(acme.id(), List.of(of(life, Instant.now(), null, 0, 4))),
                charged(acme.id(), List.of(of(life, now.minusSeconds(90_000), null, 0, 5))),
                charged(acme.id(), List.of(of(life, now.plusSeconds(90_000), null, 0, 6))));

        LeaseState day = gateway.ask(soft, 0, 0);
        assertThat(day.used()).isEqualTo(13);
        assertThat(day.leaseId()).isNull();
        assertThat(Duration.between(day.windowStart(), day.windowEnd()))
                .isEqualTo(Duration.ofDays(1));
        assertThat(gateway.ask(life, 0, 0).used()).isEqualTo(18);
        assertThat(windows(life)).isEqualTo(1);
        assertThat(windows(soft)).isEqualTo(1);
    }

    @Test
    void aLateSettlementReconcilesWhatAVanishedGatewayHeld() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 100);
        TestGateway gateway = gateway();
        LeaseState held = gateway.ask(policy, 1, 60);
        silence(held);
        await().until(() -> "EXPIRED".equals(stateOf(held)));

        gateway.ship(charged(acme.id(), List.of(charge(held, 25, 20))));
        assertThat(figures(policy)).isEqualTo(new Figures(20, 0, 35, 0));
        assertSumsAgree(policy);
        gateway.restarted().send(true, List.of());

        assertThat(figures(policy)).isEqualTo(new Figures(20, 0, 0, 0));
        assertThat(stateOf(held)).isEqualTo("CLOSED");
        assertSumsAgree(policy);
    }

    @Test
    void aNewLifeFreesAllButWhatOrphansHoldUntilTheNodeHasSpoken() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 100);
        TestGateway former = gateway();
        LeaseState held = former.ask(policy, 1, 60);
        OpenCall orphan = open(acme.id(), Instant.now(), List.of(charge(held, 25, 0)));
        TestGateway present = former.restarted();
        present.ship(List.of(), List.of(orphan));

        present.send(true, List.of());
        Figures waiting = figures(policy);
        assertSumsAgree(policy);
        TestNode node = TestNode.join(http(), internalHttp(), operatorToken(), GIGABYTE);
        node.beat();
        internalHttp()
                .post(
                        "/internal/v1/nodes/usage",
                        node.credential(),
                        new ShipNodeUsage(
                                List.of(account(orphan, 1, Instant.now(), Outcome.OK, 11, 7))));
        await().until(() -> figures(policy).used() > 0);
        Figures known = figures(policy);
        present.send(true, List.of());

        assertThat(waiting).isEqualTo(new Figures(0, 0, 25, 0));
        assertThat(known).isEqualTo(new Figures(18, 0, 0, 0));
        assertThat(stateOf(held)).isEqualTo("CLOSED");
        assertSumsAgree(policy);
    }

    @Test
    void aCallThatNeverHappenedFreesWhatItHeldAndFreesItOnlyOnce() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 100);
        TestGateway gateway = gateway();
        LeaseState held = gateway.ask(policy, 1, 60);
        Instant longAgo = Instant.now().minusSeconds(120);
        OpenCall orphan = open(acme.id(), longAgo, List.of(charge(held, 25, 0)));
        gateway.ship(List.of(), List.of(orphan));

        await().until(() -> figures(policy).reserved() == 35);
        assertThat(figures(policy)).isEqualTo(new Figures(0, 35, 0, 0));
        assertSumsAgree(policy);
        gateway.ship(
                settled(open(acme.id(), longAgo, List.of(charge(held, 1, 1))), null, 1, 1),
                settled(orphan.reserving(List.of(charge(held, 25, 9)), null), null, 1, 1));

        assertThat(figures(policy)).isEqualTo(new Figures(1, 34, 0, 0));
        assertSumsAgree(policy);
    }

    @Test
    void tellsPeopleOncePerWindowAndThresholdAndShowsWhereAPolicyStands() {
        TestTenant globex = tenant("settle");
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 100, Map.of("warnPercent", 60));
        PolicyId idle = policy(acme, Unit.TOKENS, Window.DAY, 100);
        PolicyId rate = policy(acme, Unit.REQUESTS, Window.SECOND, 100);
        TestGateway gateway = gateway();
        LeaseState held = gateway.ask(policy, 1, 100);
        gateway.send(new LeaseWish(policy, held.windowStart(), held.leaseId(), 0, 0, 5, 2));
        gateway.ask(rate, 1, 10);

        for (int i = 0; i < 3; i++) {
            gateway.ship(charged(acme.id(), List.of(charge(held, 30, 25))));
        }
        List<QuotaEvent> warned = events(acme);
        gateway.ship(charged(acme.id(), List.of(of(policy, held.windowStart(), null, 0, 30))));

        assertThat(warned).extracting(QuotaEvent::threshold).containsExactly(60);
        assertThat(warned.getFirst().used()).isEqualTo(75);
        assertThat(events(acme)).extracting(QuotaEvent::threshold).containsExactly(100, 60);
        assertThat(events(globex)).isEmpty();
        List<PolicyStatus> standing = standing("/api/v1/quota-policies/status", acme.ownerToken());
        assertThat(standing)
                .extracting(status -> status.policy().id())
                .containsExactly(policy, idle, rate);
        assertThat(standing.getFirst())
                .isEqualTo(
                        new PolicyStatus(
                                standing.getFirst().policy(),
                                acme.slug(),
                                held.windowStart(),
                                held.windowEnd(),
                                105,
                                5,
                                0,
                                0,
                                2,
                                105));
        assertThat(standing.get(1).windowEnd()).isAfter(Instant.now());
        assertThat(standing.get(1).left()).isEqualTo(100);
        assertThat(standing.get(2).windowStart()).isNull();
        assertThat(standing.get(2).reserved()).isZero();
        assertThat(standing("/api/v1/quota-policies/status", globex.ownerToken())).isEmpty();
        assertThat(standing("/api/v1/admin/quota-policies/status?minPercent=101", operatorToken()))
                .extracting(status -> status.policy().id())
                .contains(policy)
                .doesNotContain(idle, rate);
    }

    @Test
    void statusComesInPagesTheClosestFirst() {
        for (long amount : new long[] {100, 50, 0}) {
            PolicyId policy = policy(acme, Unit.TOKENS, Window.DAY, amount, Map.of("mode", "SOFT"));
            gateway().ship(charged(acme.id(), List.of(of(policy, Instant.now(), null, 0, 10))));
        }
        String path = "/api/v1/quota-policies/status?limit=2";

        JsonNode first = http().get(path, acme.ownerToken()).json();
        JsonNode second =
                http().get(
                                path + "&cursor=" + first.path("nextCursor").asString(),
                                acme.ownerToken())
                        .json();

        assertThat(first.path("items").findValuesAsString("percent")).containsExactly("100", "20");
        assertThat(second.path("items").findValuesAsString("percent")).containsExactly("10");
        assertThat(second.path("nextCursor").isNull()).isTrue();
    }

    @Test
    void aStormOfLeasesSettlementsSilencesAndRestartsLeavesTheSumsRight() throws Exception {
        List<PolicyId> policies = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            policies.add(policy(acme, Unit.TOKENS, Window.MONTH, 2_000));
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(3).toNanos();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Random random = new Random(i);
                running.add(threads.submit(() -> live(policies, random, deadline)));
            }
            running.add(threads.submit(() -> silenceSome(policies, deadline)));
            for (Future<?> thread : running) {
                thread.get();
            }
        }

        assertSumsAgree(policies.toArray(PolicyId[]::new));
        for (PolicyId policy : policies) {
            Figures figures = figures(policy);
            assertThat(figures.used() + figures.reserved() + figures.unreconciled())
                    .isBetween(1L, 2_000L);
        }
    }

    /** A gateway that takes, settles what it holds and no more, and now and then starts again. */
    private void live(List<PolicyId> policies, Random random, long deadline) {
        TestGateway gateway = gateway();
        Map<UUID, Long> spent = new HashMap<>();
        while (System.nanoTime() < deadline) {
            List<LeaseWish> wishes = new ArrayList<>();
            for (PolicyId policy : policies) {
                wishes.add(TestGateway.wish(policy, 0, random.nextInt(40)));
            }
            Collections.shuffle(wishes, random);
            List<LeaseState> leases = gateway.send(random.nextInt(3) == 0, wishes).leases();
            List<UsageRecord> calls = new ArrayList<>();
            for (int call = 0; call < 5; call++) {
                calls.add(charged(acme.id(), charges(leases, spent, random)));
            }
            gateway.ship(calls, List.of());
            if (random.nextInt(4) == 0) {
                gateway = gateway.restarted();
                spent.clear();
            }
        }
    }

    private static List<Charge> charges(
            List<LeaseState> leases, Map<UUID, Long> spent, Random random) {
        List<Charge> charges = new ArrayList<>();
        for (LeaseState lease : leases) {
            long left = lease.amount() - spent.getOrDefault(lease.leaseId(), 0L);
            if (lease.leaseId() != null && left > 0) {
                long reserved = 1 + random.nextLong(Math.min(left, 5));
                spent.merge(lease.leaseId(), reserved, Long::sum);
                charges.add(charge(lease, reserved, random.nextLong(reserved + 1)));
            }
        }
        Collections.shuffle(charges, random);
        return charges;
    }

    /** Under the window's lock, as everything that changes a lease. */
    private void silenceSome(List<PolicyId> policies, long deadline) {
        while (System.nanoTime() < deadline) {
            for (PolicyId policy : policies) {
                platform.sql(
                                """
                                UPDATE quota_lease SET expires_at = now() - interval '1 second'
                                WHERE id = (SELECT l.id
                                            FROM quota_window w
                                            JOIN quota_lease l USING (policy_id, starts_at)
                                            WHERE policy_id = ? AND l.state = 'LIVE' LIMIT 1
                                            FOR UPDATE OF w SKIP LOCKED)
                                """)
                        .param(policy.value())
                        .update();
            }
        }
    }

    private long windows(PolicyId policy) {
        return platform.sql("SELECT count(*) FROM quota_window WHERE policy_id = ?")
                .param(policy.value())
                .query(Long.class)
                .single();
    }

    private static Charge of(PolicyId policy, Instant start, UUID lease, long reserved, long used) {
        return new Charge(policy, start, Unit.TOKENS, lease, reserved, used, false);
    }

    private double strange(String reason) {
        return meters.get("atrium.quota.strange.charges").tag("reason", reason).counter().count();
    }

    private List<QuotaEvent> events(TestTenant tenant) {
        JsonNode items =
                http().get("/api/v1/quota-policies/events", tenant.ownerToken())
                        .json()
                        .path("items");
        return Arrays.asList(Answer.JSON.treeToValue(items, QuotaEvent[].class));
    }

    private List<PolicyStatus> standing(String path, String token) {
        JsonNode items = http().get(path, token).json().path("items");
        return Arrays.asList(Answer.JSON.treeToValue(items, PolicyStatus[].class));
    }
}
