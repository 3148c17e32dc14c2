package dev.atrium.registry.quota;

import static dev.atrium.registry.usage.TestCalls.account;
import static dev.atrium.registry.usage.TestCalls.open;
import static dev.atrium.registry.usage.TestCalls.settled;
import static dev.atrium.registry.usage.TestCalls.taking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.TestNode;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.EnergyMethod;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.ShipUsageReply;
import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Gateways that never return, and some that do after everybody had given them up. */
class LostGatewayIT extends LostGatewayTest {
    private static final Energy ENERGY = new Energy(123, 45L, EnergyMethod.MODELLED);

    @Test
    void whatItsCallsUsedIsChargedFromTheNodesAccountsAndTheRestIsFree() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 100);
        TestGateway gateway = gateway();
        LeaseState held = gateway.ask(policy, 1, 60);
        OpenCall shipped = call(held, 10);
        gateway.ship(settled(charging(shipped, held, 10, 7), node.id(), 4, 3));
        OpenCall running = call(held, 30);
        OpenCall retried = call(held, 10);
        tell(account(gateway.id(), shipped, 1, Instant.now(), 4, 3));
        tell(taking(account(gateway.id(), running, 1, Instant.now(), 11, 7), ENERGY));
        tell(account(gateway.id(), retried, 1, Instant.now(), 9, 9));
        tell(account(gateway.id(), retried, 2, Instant.now(), 1, 2));
        silenceSince(gateway);
        await().until(() -> "EXPIRED".equals(stateOf(held)));
        Figures waiting = figures(policy);

        lose(gateway);

        await().atMost(Duration.ofSeconds(30)).until(() -> "CLOSED".equals(stateOf(held)));
        assertThat(waiting).isEqualTo(new Figures(7, 0, 50, 0));
        assertThat(figures(policy)).isEqualTo(new Figures(7 + 18 + 3, 0, 0, 0));
        assertSumsAgree(policy);
        assertThat(ledger(running))
                .isEqualTo("GATEWAY_LOST NODE 11/7 by " + gateway.id() + " for " + acme.id());
        assertThat(energyOf(running)).containsExactly(123L, 45L, "MODELLED");
        assertThat(energyOf(retried)).containsOnlyNulls();
        assertThat(gateway().ask(policy, 1, 100).amount()).isEqualTo(72);
    }

    /** Whatever a node says: the rest is what other calls had reserved. */
    @Test
    void aNodeThatTellsMoreThanWasReservedIsBelievedAndTheQuotaIsChargedWhatWasReserved() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 100);
        TestGateway gateway = gateway();
        LeaseState held = gateway.ask(policy, 1, 60);
        OpenCall call = call(held, 30);
        tell(account(gateway.id(), call, 1, Instant.now(), 500, 400));
        silenceSince(gateway);

        lose(gateway);

        await().atMost(Duration.ofSeconds(30)).until(() -> "CLOSED".equals(stateOf(held)));
        assertThat(ledger(call)).startsWith("GATEWAY_LOST NODE 500/400");
        assertThat(figures(policy)).isEqualTo(new Figures(30, 0, 0, 0));
        assertSumsAgree(policy);
    }

    /** By the clock that it was opened by, its life had not begun, and the former was given up. */
    @Test
    void aCallOfTheNextLifeIsChargedThoughItsClockIsBehind() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 100);
        TestGateway gateway = gateway();
        LeaseState former = gateway.ask(policy, 1, 60);
        Instant behind = Instant.now();
        silenceSince(gateway);
        lose(gateway);
        await().atMost(Duration.ofSeconds(30)).until(() -> "CLOSED".equals(stateOf(former)));

        seen(gateway, "0 seconds");
        LeaseState held = gateway.restarted().beating().ask(policy, 1, 60);
        OpenCall call = open(acme.id(), behind, List.of(charge(held, 30, 0)));
        tell(account(gateway.id(), call, 1, Instant.now(), 11, 7));
        silenceSince(gateway);
        seen(gateway, "1 day");
        tellEverything();

        await().atMost(Duration.ofSeconds(30)).until(() -> "CLOSED".equals(stateOf(held)));
        assertThat(figures(policy)).isEqualTo(new Figures(18, 0, 0, 0));
        assertSumsAgree(policy);
    }

    @Test
    void itsReturnDoublesNothingAndFreesNothingMore() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 100);
        TestGateway gateway = gateway();
        LeaseState held = gateway.ask(policy, 1, 60);
        OpenCall known = call(held, 30);
        OpenCall open = call(held, 10);
        tell(account(gateway.id(), known, 1, Instant.now(), 11, 7));
        tell(account(gateway.id(), open, 1, Instant.now(), 2, 2));
        silenceSince(gateway);
        lose(gateway);
        await().atMost(Duration.ofSeconds(30)).until(() -> "CLOSED".equals(stateOf(held)));
        Figures given = figures(policy);
        LeaseState taken = gateway().ask(policy, 1, 78);

        seen(gateway, "0 seconds");
        TestGateway present = gateway.restarted();
        ShipUsageReply reply =
                present.ship(
                        List.of(
                                settled(charging(known, held, 30, 18), node.id(), 11, 7),
                                settled(charging(call(held, 5), held, 5, 0), null, 0, 0)),
                        List.of(open));
        present.send(true, List.of());

        assertThat(given).isEqualTo(new Figures(22, 0, 0, 0));
        assertThat(taken.amount()).isEqualTo(78);
        assertThat(reply.duplicates()).isEqualTo(1);
        assertThat(reply.inserted()).as("the call that no node saw").isEqualTo(1);
        await().until(() ->
                platform.sql(
                                """
                                SELECT EXISTS (SELECT FROM usage_orphan
                                    WHERE call_id = ? AND resolution = 'SETTLED')
                                """)
                        .param(open.callId())
                        .query(Boolean.class)
                        .single());
        assertThat(figures(policy)).isEqualTo(new Figures(22, 78, 0, 0));
        assertSumsAgree(policy);
    }

    @Test
    void nothingIsFreeWhileANodeMayStillTellOfIt() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 100);
        TestGateway gateway = gateway();
        LeaseState held = gateway.ask(policy, 1, 60);
        silenceSince(gateway);
        TestNode dead = TestNode.join(http(), internalHttp(), operatorToken(), GIGABYTE);
        dead.shippedThrough(Instant.now().minus(Duration.ofDays(2))).beat();
        platform.sql("UPDATE node SET alive = false WHERE id = ?")
                .param(dead.id().value())
                .update();
        lose(gateway);

        await().during(Duration.ofSeconds(5))
                .until(() -> figures(policy).equals(new Figures(0, 0, 60, 0)));
        OpenCall late = call(held, 30);
        tell(account(gateway.id(), late, 1, Instant.now(), 11, 7));
        platform.sql("UPDATE node SET last_seen_at = now() - interval '2 hours' WHERE id = ?")
                .param(dead.id().value())
                .update();

        await().atMost(Duration.ofSeconds(30))
                .until(() -> figures(policy).equals(new Figures(18, 0, 0, 0)));
        assertSumsAgree(policy);
    }

    @Test
    void aGatewayThatIsHeardOfSettlesItsCallsItself() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 100);
        TestGateway gateway = gateway();
        LeaseState held = gateway.ask(policy, 1, 60);
        OpenCall call = call(held, 30);
        tell(account(gateway.id(), call, 1, Instant.now(), 11, 7));
        silenceSince(gateway);
        lose(gateway, "9 minutes");

        await().during(Duration.ofSeconds(5))
                .until(() -> figures(policy).unreconciled() == 60 || "LIVE".equals(stateOf(held)));
        gateway.restarted().ship(settled(charging(call, held, 30, 18), node.id(), 11, 7));

        assertThat(figures(policy)).isEqualTo(new Figures(18, 0, 30, 0));
        assertSumsAgree(policy);
    }

    @Test
    void whatALivingGatewayHasLostIsPostedWhenItIsOldEnough() {
        TestGateway gateway = gateway();
        Instant now = Instant.now();
        OpenCall old = open(acme.id(), now.minus(Duration.ofHours(25)), List.of());
        OpenCall young = open(acme.id(), now.minus(Duration.ofHours(23)), List.of());
        OpenCall known = open(acme.id(), now.minus(Duration.ofHours(25)), List.of());
        lose(gateway, "0 seconds");
        tell(account(gateway.id(), known, 1, now, 11, 7));
        gateway.ship(settled(known, node.id(), 11, 7));

        tell(account(gateway.id(), old, 1, now, 11, 7));
        tell(account(gateway.id(), young, 1, now, 11, 7));

        await().atMost(Duration.ofSeconds(30)).until(() -> isInLedger(old));
        assertThat(isInLedger(young)).isFalse();
        assertThat(ledger(old))
                .isEqualTo("GATEWAY_LOST NODE 11/7 by " + gateway.id() + " for " + acme.id());
        assertThat(gateway.ship(settled(old, node.id(), 11, 7)).duplicates()).isEqualTo(1);
    }

    @Test
    void chargesWhatAppliedToTheCallAndNothingElse() {
        PolicyId tokens = policy(acme, Unit.TOKENS, Window.MONTH, 100);
        PolicyId requests = policy(acme, Unit.REQUESTS, Window.DAY, 100);
        PolicyId soft = policy(acme, Unit.TOKENS, Window.DAY, 100, Map.of("mode", "SOFT"));
        PolicyId unheld = policy(acme, Unit.TOKENS, Window.LIFETIME, 100);
        PolicyId others = policy(tenant("lost"), Unit.TOKENS, Window.MONTH, 100);
        TestGateway gateway = gateway();
        LeaseState held = gateway.ask(tokens, 1, 60);
        LeaseState request = gateway.ask(requests, 1, 10);
        LeaseState foreign = gateway.ask(others, 1, 60);
        OpenCall call =
                open(
                        acme.id(),
                        Instant.now(),
                        List.of(
                                charge(held, 30, 0),
                                of(request, Unit.REQUESTS, 1),
                                charge(foreign, 30, 0)));
        tell(account(gateway.id(), call, 1, Instant.now(), 11, 7));
        silenceSince(gateway);

        lose(gateway);

        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        figures(tokens).equals(new Figures(18, 0, 0, 0))
                                && figures(others).equals(new Figures(0, 0, 0, 0)));
        assertThat(figures(requests)).isEqualTo(new Figures(1, 0, 0, 0));
        assertThat(figures(soft)).isEqualTo(new Figures(18, 0, 0, 0));
        assertThat(figures(unheld)).isEqualTo(new Figures(0, 0, 0, 0));
        assertSumsAgree(tokens, requests, others);
    }

    /** Whoever tells of a call, in whatever order, it is charged once and nobody overspends. */
    @Test
    void manyGatewaysThatVanishLeaveExactlyWhatTheirCallsUsed() {
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 5_000);
        Random random = new Random(12);
        long used = 0;
        List<TestGateway> gateways = new ArrayList<>();
        List<List<UsageRecord>> journals = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            TestGateway gateway = gateway();
            LeaseState held = gateway.ask(policy, 1, 700);
            List<NodeUsageRecord> told = new ArrayList<>();
            List<UsageRecord> journal = new ArrayList<>();
            for (int j = 0; j < 20; j++) {
                int reserved = 1 + random.nextInt(30);
                int spent = random.nextInt(reserved + 1);
                OpenCall call = call(held, reserved);
                told.add(account(gateway.id(), call, 1, Instant.now(), spent, 0));
                journal.add(settled(charging(call, held, reserved, spent), node.id(), spent, 0));
                used += spent;
            }
            gateway.ship(journal.subList(0, random.nextInt(20)), List.of());
            tell(told.toArray(NodeUsageRecord[]::new));
            gateways.add(gateway);
            journals.add(journal);
            silenceSince(gateway);
        }

        gateways.forEach(this::lose);
        TestGateway living = gateway();
        long total = used;
        await().atMost(Duration.ofSeconds(30))
                .until(() -> {
                    living.ask(policy, 0, 10);
                    Figures now = figures(policy);
                    assertThat(now.used() + now.reserved() + now.unreconciled())
                            .isLessThanOrEqualTo(5_000);
                    return now.used() == total && now.unreconciled() == 0;
                });
        for (int i = 0; i < gateways.size(); i++) {
            gateways.get(i).restarted().ship(journals.get(i), List.of());
        }

        assertThat(figures(policy).used()).isEqualTo(used);
        assertSumsAgree(policy);
    }

    private static Charge of(LeaseState lease, Unit unit, long reserved) {
        return new Charge(
                lease.policyId(), lease.windowStart(), unit, lease.leaseId(), reserved, 0, false);
    }

    private Collection<Object> energyOf(OpenCall call) {
        return platform.sql(
                        """
                        SELECT energy_microjoules, carbon_nanograms, energy_method
                        FROM usage_record WHERE call_id = ?
                        """)
                .param(call.callId())
                .query()
                .singleRow()
                .values();
    }

    private boolean isInLedger(OpenCall call) {
        return platform.sql("SELECT EXISTS (SELECT FROM usage_record WHERE call_id = ?)")
                .param(call.callId())
                .query(Boolean.class)
                .single();
    }

    private String ledger(OpenCall call) {
        UUID id = call.callId();
        return platform.sql(
                        """
                        SELECT format('%s %s %s/%s by %s for %s', outcome, source, input_tokens,
                                      output_tokens, gateway_id, tenant_id)
                        FROM usage_record WHERE call_id = ?
                        """)
                .param(id)
                .query(String.class)
                .single();
    }
}
