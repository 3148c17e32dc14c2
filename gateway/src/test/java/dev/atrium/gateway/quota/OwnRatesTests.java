package dev.atrium.gateway.quota;

import static dev.atrium.gateway.quota.TestPolicies.HOUR;
import static dev.atrium.gateway.quota.TestPolicies.PROPERTIES;
import static dev.atrium.gateway.quota.TestPolicies.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.feed.TestFeed;
import dev.atrium.gateway.registry.ManyGateways;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.OwnRate;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The requests per minute of a key, between gateways. */
class OwnRatesTests {
    private final AtomicLong now = new AtomicLong();
    private final LeaseBook book = new LeaseBook(PROPERTIES);
    private final Quotas quotas =
            new Quotas(PROPERTIES, new TestFeed(now::get).feed(), book, null, now::get);
    private final VirtualTimeScheduler eventLoop = VirtualTimeScheduler.create();
    private final List<Decision> decisions = new ArrayList<>();
    private final TenantId tenant = new TenantId(UUID.randomUUID());

    @AfterEach
    void close() {
        eventLoop.dispose();
    }

    @Test
    void areWhollyHereWhenThereIsNoOtherGateway() {
        OwnRates alone = rates(1);

        assertThat(alone.share(caller("key", 60))).isEqualTo(60);
        assertThat(alone.rest(caller("key", 60)).left()).isZero();
    }

    @Test
    void areForASmallPartOfEachGatewayItself() {
        assertThat(rates(3).share(caller("key", 400))).isEqualTo(6);
        assertThat(rates(2).share(caller("key", 400))).isEqualTo(10);
        assertThat(rates(3).share(caller("key", 50))).isZero();
        assertThat(rates(0).share(caller("key", 400))).isZero();
    }

    @Test
    void areLeasedBeyondThat() {
        OwnRates rates = rates(3);
        admit(rates, caller("key", 60));

        LeaseWish wish = wishes().getFirst();
        answer(wish, 57);

        assertThat(wish.ownRate()).isEqualTo(new OwnRate(tenant, "key", 57));
        assertThat(decisions).containsExactly(Decision.GRANTED);
        assertThat(rates.rest(caller("key", 60)).left()).isEqualTo(56);
    }

    @Test
    void areSpentForGood() {
        OwnRates rates = rates(3);
        admit(rates, caller("key", 20));
        answer(wishes().getFirst(), 19);

        for (int i = 0; i < 19; i++) {
            admit(rates, caller("key", 20));
        }

        assertThat(decisions).hasSize(20);
        assertThat(decisions.subList(0, 19)).containsOnly(Decision.GRANTED);
        assertThat(decisions.getLast())
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.why()).isEqualTo(Decision.Why.RATE));
        assertThat(quotas.open()).isZero();
        assertThat(rates.rest(caller("key", 20)).reset())
                .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(61));
    }

    @Test
    void areTheSameWhereverTheCallerCalls() {
        Caller caller = caller("key", 60);
        admit(rates(3), caller);
        LeaseWish here = wishes().getFirst();
        OwnRatesTests elsewhere = new OwnRatesTests();
        elsewhere.admit(elsewhere.rates(2), caller);

        assertThat(elsewhere.wishes().getFirst().policyId()).isEqualTo(here.policyId());
        elsewhere.close();
    }

    @Test
    void areEachCallersOwn() {
        OwnRates rates = rates(3);
        admit(rates, caller("one", 60));
        admit(rates, caller("other", 60));

        assertThat(wishes()).extracting(LeaseWish::policyId).doesNotHaveDuplicates().hasSize(2);
    }

    @Test
    void followALimitThatIsChanged() {
        OwnRates rates = rates(3);
        admit(rates, caller("key", 60));
        answer(wishes().getFirst(), 57);

        admit(rates, caller("key", 20));

        assertThat(rates.rest(caller("key", 20)).left()).isLessThanOrEqualTo(19 + 19);
        now.addAndGet(25 * SECOND);
        assertThat(wishes())
                .extracting(LeaseWish::ownRate)
                .contains(new OwnRate(tenant, "key", 19));
    }

    @Test
    void areAllThereBeforeAnybodyAsked() {
        OwnRates rates = rates(3);

        assertThat(rates.rest(caller("key", 60))).isEqualTo(new OwnRates.Rest(57, Duration.ZERO));
    }

    private OwnRates rates(int gateways) {
        return new OwnRates(PROPERTIES, book, quotas, new ManyGateways(gateways), now::get);
    }

    private void admit(OwnRates rates, Caller caller) {
        rates.admit(caller, eventLoop).subscribe(decisions::add);
        eventLoop.advanceTimeBy(Duration.ZERO);
    }

    private List<LeaseWish> wishes() {
        return book.questions(now.get()).stream()
                .flatMap(question -> question.wishes().stream())
                .toList();
    }

    /** All places are granted. */
    private void answer(LeaseWish wish, long places) {
        Allowance asked = book.find(wish.policyId()).orElseThrow();
        LeaseState said =
                new LeaseState(
                        wish.policyId(),
                        HOUR,
                        null,
                        wish.policyId().value(),
                        places,
                        TestPolicies.VALID_MILLIS,
                        places,
                        0,
                        places,
                        0);
        asked.answered(
                asked.apply(said, TestPolicies.REGISTRY_TIME, now.get(), now.get()), now.get());
        eventLoop.advanceTimeBy(Duration.ZERO);
    }

    private Caller caller(String key, int perMinute) {
        return new Caller(
                tenant,
                "acme",
                new ProjectId(new UUID(0, 1)),
                PrincipalKind.API_KEY,
                key,
                Set.of(),
                Set.of(),
                perMinute,
                null);
    }
}
