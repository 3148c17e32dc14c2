package dev.atrium.registry.quota;

import static dev.atrium.registry.usage.TestCalls.account;
import static dev.atrium.registry.usage.TestCalls.open;
import static dev.atrium.registry.usage.TestCalls.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.api.pricing.AssignPriceList;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.pricing.CreatePriceList;
import dev.atrium.registry.api.pricing.FreeUnits;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.pricing.UnitPrices;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.CallAttempt;
import dev.atrium.registry.api.usage.CallDetails;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSource;
import dev.atrium.registry.api.usage.Waiver;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Calls of which somebody tells after their lost gateway's units were freed and given to another:
 * whoever tells first, each is in the ledger once and charged nothing.
 */
class GivenUpCallsIT extends LostGatewayTest {
    private static final long ALL = 20;

    @Autowired GivenUpLeases givenUp;
    @Autowired LostLeases lost;
    @Autowired MeterRegistry meters;

    @Autowired
    @Qualifier("platformTransactions")
    TransactionTemplate transactions;

    private PolicyId policy;
    private TestGateway gateway;
    private LeaseState held;
    private double strangeBefore;

    @BeforeEach
    void giveUp() {
        policy = policy(acme, Unit.TOKENS, Window.MONTH, ALL);
        gateway = gateway();
        held = gateway.ask(policy, 1, ALL);
        strangeBefore = strangeCharges();
        silenceSince(gateway);
        lose(gateway);
        await().atMost(Duration.ofSeconds(30)).until(() -> "CLOSED".equals(stateOf(held)));
        assertThat(gateway().ask(policy, 1, ALL).amount()).isEqualTo(ALL);
    }

    @AfterEach
    void nothingIsOverspentAndNothingStrange() {
        assertThat(figures(policy)).isEqualTo(new Figures(0, ALL, 0, 0));
        assertSumsAgree(policy);
        assertThat(strangeCharges()).isEqualTo(strangeBefore);
    }

    @Test
    void aRecordOfTheReturnedGatewayIsWrittenDownAndChargedNothing() {
        PriceId price = price();
        OpenCall call = open(acme.id(), Instant.now(), List.of(charge(held, 9, 7)), price);

        TestGateway returned = comeBack();
        returned.ship(settled(call, node.id(), 4, 3));
        returned.ship(settled(call, node.id(), 4, 3));

        UsageRecord entry = details(call).settled();
        assertThat(entry.outcome()).isEqualTo(Outcome.OK);
        assertThat(entry.inputTokens()).isEqualTo(4);
        assertThat(entry.waived()).isEqualTo(Waiver.GIVEN_UP);
        assertThat(entry.cost()).isEqualTo(new Cost(0, "EUR"));
        assertThat(entry.charges()).extracting(Charge::charged).containsExactly(0L);
        assertThat(rows(call)).isEqualTo(1);
        assertThat(http().get("/api/v1/prices/free-use", acme.ownerToken()).text())
                .as("nothing of what is free is used")
                .doesNotContain("\"outputTokens\":3");
        assertThat(http().get("/api/v1/usage", acme.ownerToken()).json().at("/items/0/costs"))
                .hasToString("[{\"micros\":0,\"currency\":\"EUR\"}]");
    }

    @Test
    void theSameLifeThatComesBackIsChargedNothingForWhatItHadReserved() {
        OpenCall call = charging(call(held, 9), held, 9, 7);
        seen(gateway, "0 seconds");
        gateway.send(false, List.of(TestGateway.returning(held, 2)));

        gateway.ship(settled(call, node.id(), 4, 3));

        assertThat(details(call).settled().waived()).isEqualTo(Waiver.GIVEN_UP);
    }

    @Test
    void anAccountThatComesAfterTheRecordChangesNothing() {
        OpenCall call = charging(call(held, 9), held, 9, 7);
        comeBack().ship(settled(call, node.id(), 4, 3));

        tell(account(gateway.id(), call, 1, Instant.now(), 40, 30));

        CallDetails details = details(call);
        assertThat(details.settled().inputTokens()).isEqualTo(4);
        assertThat(details.settled().waived()).isEqualTo(Waiver.GIVEN_UP);
        assertThat(details.attempts()).extracting(CallAttempt::billed).containsExactly(false);
    }

    @Test
    void anAccountThatComesBeforeTheRecordIsWrittenDownAndChargedNothing() {
        OpenCall call = call(held, 9);

        tell(account(gateway.id(), call, 1, Instant.now(), 4, 3));
        await().atMost(Duration.ofSeconds(30)).until(() -> rows(call) == 1);
        int duplicates =
                comeBack().ship(settled(charging(call, held, 9, 7), node.id(), 4, 3)).duplicates();

        UsageRecord entry = details(call).settled();
        assertThat(duplicates).isEqualTo(1);
        assertThat(entry.outcome()).isEqualTo(Outcome.GATEWAY_LOST);
        assertThat(entry.source()).isEqualTo(UsageSource.NODE);
        assertThat(entry.inputTokens()).isEqualTo(4);
        assertThat(entry.waived()).isEqualTo(Waiver.GIVEN_UP);
    }

    @Test
    void aCallThatItLeftOpenIsSettledFromItsNodeAndChargedNothing() {
        OpenCall call = call(held, 9);
        comeBack().ship(List.of(), List.of(call));

        tell(account(call, 1, Instant.now(), Outcome.OK, 4, 3));

        await().atMost(Duration.ofSeconds(30)).until(() -> rows(call) == 1);
        assertThat(details(call).settled().waived()).isEqualTo(Waiver.GIVEN_UP);
    }

    /** The lease that it has now has the place of the one that was given up. */
    @Test
    void anAccountOfACallOfALeaseThatLeftItsPlaceToAnotherIsChargedNothing() {
        OpenCall call = call(held, 9);
        seen(gateway, "0 seconds");
        LeaseState present = gateway.ask(policy, 0, 0);

        tell(account(gateway.id(), call, 1, Instant.now(), 4, 3));
        seen(gateway, "1 day");
        tellEverything();

        await().atMost(Duration.ofSeconds(30)).until(() -> rows(call) == 1);
        assertThat(details(call).settled().waived()).isEqualTo(Waiver.GIVEN_UP);
        assertThat(present.leaseId()).isNotEqualTo(held.leaseId());
    }

    /** What it had reserved was freed when no node told of it, and may be another's by now. */
    @Test
    void aVoidCallOfWhichADeadNodeTellsAfterAllIsWrittenDownAndChargedNothing() {
        PolicyId other = policy(acme, Unit.TOKENS, Window.DAY, ALL);
        TestGateway dead = gateway();
        LeaseState lease = dead.ask(other, 1, ALL);
        Instant longAgo = Instant.now().minusSeconds(120);
        OpenCall call = open(acme.id(), longAgo, List.of(charge(lease, 9, 0)));
        dead.ship(List.of(), List.of(call));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> details(call).state() == CallDetails.State.VOID);
        dead.send(TestGateway.returning(lease, ALL - 9));
        assertThat(gateway().ask(other, ALL, ALL).amount()).isEqualTo(ALL);

        tell(account(call, 1, Instant.now(), Outcome.OK, 4, 3));

        await().atMost(Duration.ofSeconds(30)).until(() -> rows(call) == 1);
        UsageRecord entry = details(call).settled();
        assertThat(entry.inputTokens()).isEqualTo(4);
        assertThat(entry.waived()).isEqualTo(Waiver.VOID);
        assertThat(figures(other)).isEqualTo(new Figures(0, ALL, 0, 0));
        assertSumsAgree(other);
    }

    /** It comes back without its disk: it says truly that it has nothing to ship. */
    @Test
    void aCallThatItsGatewayForgotIsWrittenDownADayLaterAndChargedNothing() {
        PolicyId other = policy(acme, Unit.TOKENS, Window.LIFETIME, ALL);
        TestGateway former = gateway();
        LeaseState lease = former.ask(other, 1, ALL);
        Instant longAgo = Instant.now().minus(Duration.ofHours(25));
        OpenCall forgotten = open(acme.id(), longAgo, List.of(charge(lease, 9, 0)));
        former.restarted().beating().send(true, List.of());
        assertThat(gateway().ask(other, 1, ALL).amount()).isEqualTo(ALL);
        lose(former, "0 seconds");

        tell(account(former.id(), forgotten, 1, Instant.now(), 4, 3));

        await().atMost(Duration.ofSeconds(30)).until(() -> rows(forgotten) == 1);
        assertThat(details(forgotten).settled().waived()).isEqualTo(Waiver.GIVEN_UP);
        assertThat(figures(other)).isEqualTo(new Figures(0, ALL, 0, 0));
        assertSumsAgree(other);
    }

    /** It was on its way while its gateway came back without its disk. */
    @Test
    void aRecordThatComesAfterItsGatewayForgotItIsWrittenDownAndChargedNothing() {
        PolicyId other = policy(acme, Unit.TOKENS, Window.LIFETIME, ALL);
        TestGateway former = gateway();
        LeaseState lease = former.ask(other, 1, ALL);
        OpenCall forgotten = charging(call(lease, 9), lease, 9, 7);
        former.beating().restarted().beating().send(true, List.of());
        assertThat(gateway().ask(other, 1, ALL).amount()).isEqualTo(ALL);

        former.ship(settled(forgotten, node.id(), 4, 3));

        assertThat(details(forgotten).settled().waived()).isEqualTo(Waiver.GIVEN_UP);
        assertThat(figures(other)).isEqualTo(new Figures(0, ALL, 0, 0));
        assertSumsAgree(other);
    }

    /** It lost a part of its journal: what it still knew to be open keeps what it had reserved. */
    @Test
    void aCallThatItsGatewayKnewToBeOpenIsChargedAndOneThatItForgotIsNot() {
        PolicyId other = policy(acme, Unit.TOKENS, Window.LIFETIME, ALL);
        TestGateway former = gateway();
        LeaseState lease = former.ask(other, 1, ALL);
        Instant longAgo = Instant.now().minus(Duration.ofHours(25));
        OpenCall known = call(lease, 9);
        OpenCall forgotten = open(acme.id(), longAgo, List.of(charge(lease, 8, 0)));
        TestGateway present = former.restarted().beating();
        present.ship(List.of(), List.of(known));
        present.send(true, List.of());
        Figures waiting = figures(other);
        lose(former, "0 seconds");

        tell(account(former.id(), forgotten, 1, Instant.now(), 4, 3));
        await().atMost(Duration.ofSeconds(30)).until(() -> rows(forgotten) == 1);
        tell(account(known, 1, Instant.now(), Outcome.OK, 3, 2));
        await().atMost(Duration.ofSeconds(30)).until(() -> rows(known) == 1);

        assertThat(waiting).isEqualTo(new Figures(0, 0, 9, 0));
        assertThat(details(forgotten).settled().waived()).isEqualTo(Waiver.GIVEN_UP);
        assertThat(details(known).settled().waived()).isNull();
        assertThat(figures(other)).isEqualTo(new Figures(5, 0, 0, 0));
        assertSumsAgree(other);
    }

    @Test
    void aCallThatItLeftOpenAndNoNodeKnowsIsVoidAndFreesNothingMore() {
        Instant longAgo = Instant.now().minusSeconds(120);
        OpenCall call = open(acme.id(), longAgo, List.of(charge(held, 9, 0)));

        comeBack().ship(List.of(), List.of(call));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> details(call).state() == CallDetails.State.VOID);
    }

    @Test
    void whatItReservesAfterItsReturnIsChargedAsEver() {
        PolicyId other = policy(acme, Unit.TOKENS, Window.DAY, ALL);
        LeaseState present = comeBack().ask(other, 1, ALL);

        gateway.ship(settled(charging(call(present, 9), present, 9, 7), node.id(), 4, 3));

        assertThat(figures(other)).isEqualTo(new Figures(7, ALL - 9, 0, 0));
        assertSumsAgree(other);
    }

    /** It had reserved of two, of which one was given up: nothing is charged, and both are free. */
    @Test
    void aCallOfWhichOnlyAPartWasGivenUpIsChargedNothingAtAll() {
        PolicyId other = policy(acme, Unit.TOKENS, Window.DAY, ALL);
        TestGateway returned = comeBack();
        LeaseState present = returned.ask(other, 1, ALL);
        OpenCall call =
                open(acme.id(), Instant.now(), List.of(charge(held, 9, 7), charge(present, 9, 7)));

        returned.ship(settled(call, node.id(), 4, 3));

        assertThat(figures(other)).isEqualTo(new Figures(0, ALL - 9, 0, 0));
        assertSumsAgree(other);
    }

    @Test
    void noLeaseIsGivenUpWhileACallOfItsGatewayIsPosted() throws Exception {
        PolicyId other = policy(acme, Unit.TOKENS, Window.DAY, ALL);
        TestGateway posting = gateway();
        LeaseState lease = posting.ask(other, 1, ALL);
        UUID call = UUID.randomUUID();
        List<Charge> charges = List.of(charge(lease, 9, 7));
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> posted =
                    threads.submit(() ->
                            transactions.execute(status -> {
                                boolean before =
                                        givenUp.among(posting.id(), charges).holds(call, charges);
                                asked.countDown();
                                return before || !isOver(seen);
                            }));
            asked.await();

            silenceSince(posting);
            lose(posting);
            await().during(Duration.ofSeconds(5))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> !"CLOSED".equals(stateOf(lease)));
            seen.countDown();

            assertThat(posted.get()).isFalse();
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> "CLOSED".equals(stateOf(lease)));
        assertThat(givenUp.among(posting.id(), charges).holds(call, charges)).isTrue();
    }

    /** Giving up has the lease's window when the void call is to be freed: one of both frees it. */
    @Test
    void aLeaseThatIsGivenUpWhileItsCallIsVoidedIsFreedOnce() {
        PolicyId other = policy(acme, Unit.TOKENS, Window.DAY, ALL);
        TestGateway dead = gateway();
        LeaseState lease = dead.ask(other, 1, ALL);
        Instant longAgo = Instant.now().minusSeconds(120);
        OpenCall call = open(acme.id(), longAgo, List.of(charge(lease, 9, 0)));
        silenceSince(dead);
        await().until(() -> "EXPIRED".equals(stateOf(lease)));

        transactions.executeWithoutResult(status -> {
            givenUp.hold(dead.id());
            lockWindows(other);
            int backend = platform.sql("SELECT pg_backend_pid()").query(Integer.class).single();
            dead.ship(List.of(), List.of(call));
            await().atMost(Duration.ofSeconds(30)).until(() -> isWaitedFor(backend));
            lost.end(dead.id(), Instant.now());
        });

        await().atMost(Duration.ofSeconds(30))
                .until(() -> details(call).state() == CallDetails.State.VOID);
        assertThat(stateOf(lease)).isEqualTo("CLOSED");
        assertThat(figures(other)).isEqualTo(new Figures(0, 0, 0, 0));
        assertSumsAgree(other);
    }

    private void lockWindows(PolicyId of) {
        platform.sql("SELECT FROM quota_window WHERE policy_id = ? FOR UPDATE")
                .param(of.value())
                .query()
                .listOfRows();
    }

    /** In a transaction of the test's, by a connection of its own. */
    private boolean isWaitedFor(int backend) {
        try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            return thread.submit(() ->
                            platform.sql(
                                            """
                                            SELECT EXISTS (SELECT FROM pg_stat_activity
                                                WHERE ? = ANY (pg_blocking_pids(pid)))
                                            """)
                                    .param(backend)
                                    .query(Boolean.class)
                                    .single())
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isOver(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private TestGateway comeBack() {
        seen(gateway, "0 seconds");
        return gateway.restarted().beating();
    }

    private CallDetails details(OpenCall call) {
        return http().get("/api/v1/calls/" + call.callId(), acme.ownerToken())
                .as(CallDetails.class);
    }

    private long rows(OpenCall call) {
        return platform.sql("SELECT count(*) FROM usage_record WHERE call_id = ?")
                .param(call.callId())
                .query(Long.class)
                .single();
    }

    private double strangeCharges() {
        return meters.find("atrium.quota.strange.charges").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    /** A millionth per token that a model makes, of which a hundred in a month are free. */
    private PriceId price() {
        PriceList list =
                http().post(
                                "/api/v1/admin/price-lists",
                                operatorToken(),
                                new CreatePriceList("l " + UUID.randomUUID(), "EUR"))
                        .as(PriceList.class);
        http().put(
                        "/api/v1/admin/tenants/" + acme.id() + "/price-list",
                        operatorToken(),
                        new AssignPriceList(list.id()));
        UnitPrices units =
                new UnitPrices(
                        1_000_000L, null, 1_000_000L, null, new FreeUnits(null, null, 100L, null));
        Answer made =
                http().post(
                                "/api/v1/admin/price-lists/" + list.id() + "/prices",
                                operatorToken(),
                                Map.of("prices", units));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.as(PriceEntry.class).id();
    }
}
