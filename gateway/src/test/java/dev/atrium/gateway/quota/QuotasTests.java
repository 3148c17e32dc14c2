package dev.atrium.gateway.quota;

import static dev.atrium.gateway.quota.TestPolicies.HOUR;
import static dev.atrium.gateway.quota.TestPolicies.MILLI;
import static dev.atrium.gateway.quota.TestPolicies.PROPERTIES;
import static dev.atrium.gateway.quota.TestPolicies.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.feed.TestFeed;
import dev.atrium.gateway.upstream.TokenBounds;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.UnitPrices;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.ProjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Whether a call may go on, by all policies that apply to it. */
class QuotasTests {
    private static final ProjectId PROJECT = new ProjectId(UUID.randomUUID());
    private static final ModelName MODEL = new ModelName("acme", "chat");
    private static final TokenBounds BOUNDS = new TokenBounds(10, 20, 30);
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Price PRICE =
            new Price(
                    new PriceId(UUID.randomUUID()),
                    "EUR",
                    new UnitPrices(null, null, 1_000_000L, null));

    private final AtomicLong now = new AtomicLong();
    private final TestFeed feed = new TestFeed(now::get);
    private final LeaseBook book = new LeaseBook(PROPERTIES);
    private final Quotas quotas =
            new Quotas(
                    PROPERTIES,
                    feed.feed(),
                    book,
                    new Leases(PROPERTIES, null, null, null, book, now::get),
                    now::get);
    private final VirtualTimeScheduler eventLoop = VirtualTimeScheduler.create();
    private final List<Decision> decisions = new ArrayList<>();

    @AfterEach
    void close() {
        eventLoop.dispose();
    }

    @Test
    void appliesThePoliciesOfTheTenantProjectKeyAndModel() {
        FeedPolicy tenant = put(PolicySubject.TENANT);
        FeedPolicy project = put(new PolicySubject(PROJECT, null, null));
        FeedPolicy key = put(new PolicySubject(null, "key", null));
        FeedPolicy model = put(new PolicySubject(null, null, MODEL));
        put(new PolicySubject(new ProjectId(UUID.randomUUID()), null, null));
        put(new PolicySubject(null, "another", null));
        put(new PolicySubject(null, null, new ModelName("acme", "another")));

        assertThat(begin().allowances())
                .extracting(allowance -> allowance.policy.id())
                .containsExactlyInAnyOrder(tenant.id(), project.id(), key.id(), model.id());
    }

    @Test
    void holdsNothingWhereNoPolicyApplies() {
        assertThat(begin()).isSameAs(Reservation.NONE);

        put(new PolicySubject(null, "another", null));

        assertThat(begin()).isSameAs(Reservation.NONE);
        assertThat(quotas.standings(begin())).isEmpty();
    }

    @Test
    void takesAtAdmissionWhatDoesNotDependOnTheRequest() {
        Allowance level = granted(TestPolicies.hard(Unit.CONCURRENCY, Window.NONE, 5), 5);
        Allowance calls = granted(TestPolicies.rate(Unit.REQUESTS, Window.SECOND, 5, 5), 5);
        Allowance time =
                granted(TestPolicies.rate(Unit.COMPUTE_MILLIS, Window.SECOND, 9_000, 9_000), 900);
        Allowance tokens = granted(TestPolicies.rate(Unit.TOKENS, Window.SECOND, 50, 50), 50);
        Allowance total = granted(TestPolicies.hard(Unit.REQUESTS, Window.HOUR, 50), 50);
        Reservation call = begin();

        admit(call);
        List<Integer> admitted = open(level, calls, time, tokens, total);
        reserve(call);

        assertThat(decisions).containsExactly(Decision.GRANTED, Decision.GRANTED);
        assertThat(admitted).containsExactly(1, 1, 1, 0, 0);
        assertThat(open(level, calls, time, tokens, total)).containsExactly(1, 1, 1, 1, 1);
        assertThat(quotas.open()).isEqualTo(5);
    }

    @Test
    void takesNothingOfWhatTheCallDoesNotUse() {
        Allowance output = granted(TestPolicies.hard(Unit.OUTPUT_TOKENS, Window.HOUR, 50), 50);
        Reservation embedding = begin();

        subscribe(quotas.reserve(embedding, TokenBounds.ofInput(10), DEADLINE, eventLoop));

        assertThat(decisions).containsExactly(Decision.GRANTED);
        assertThat(output.open()).isZero();
    }

    @Test
    void waitsForTheRegistryAndGoesOnWithItsAnswer() throws InterruptedException {
        FeedPolicy policy = put(TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100));
        Reservation call = begin();

        reserve(call);
        boolean woken = book.awaitWake(Duration.ZERO);
        LeaseBook.Question question = book.questions(now.get()).getFirst();
        List<Decision> before = List.copyOf(decisions);
        answer(question, state(policy, 40, 0, 40));

        assertThat(woken).isTrue();
        assertThat(before).isEmpty();
        assertThat(question.wishes().getFirst().atLeast()).isEqualTo(11);
        assertThat(question.wishes().getFirst().want()).isEqualTo(30);
        assertThat(decisions).containsExactly(Decision.GRANTED);
        assertThat(call.outputTokens()).isEqualTo(20);
    }

    @Test
    void waitsForAllThatItNeedsInOneRequest() {
        FeedPolicy first = put(TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100));
        FeedPolicy second = put(TestPolicies.hard(Unit.REQUESTS, Window.HOUR, 100));
        Reservation call = begin();

        reserve(call);
        LeaseBook.Question question = ask();
        answer(question, first, second);

        assertThat(question.wishes()).hasSize(2);
        assertThat(question.wishes())
                .filteredOn(wish -> wish.policyId().equals(second.id()))
                .extracting(LeaseWish::want)
                .containsExactly(1L);
        assertThat(decisions).containsExactly(Decision.GRANTED);
        assertThat(quotas.open()).isEqualTo(2);
    }

    @Test
    void saysThatTheRegistryIsAwayWhenItWaitedInVain() {
        put(TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100));

        reserve(begin());
        eventLoop.advanceTimeBy(Duration.ofMillis(249));
        boolean waits = decisions.isEmpty();
        eventLoop.advanceTimeBy(Duration.ofMillis(2));

        assertThat(waits).isTrue();
        assertThat(decisions).singleElement().isInstanceOf(Decision.Unreachable.class);
    }

    @Test
    void waitsOnceForAllOfItsPoliciesTogether() {
        FeedPolicy first = put(TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100));
        FeedPolicy second = put(TestPolicies.hard(Unit.REQUESTS, Window.HOUR, 100));
        // Asked for already, and never answered.
        book.allowance(second, 0).foresee(1);
        ask();
        reserve(begin());
        now.set(200 * MILLI);
        eventLoop.advanceTimeBy(Duration.ofMillis(200));

        answer(ask(), first);
        List<Decision> before = List.copyOf(decisions);
        eventLoop.advanceTimeBy(Duration.ofMillis(51));

        assertThat(before).isEmpty();
        assertThat(decisions).singleElement().isInstanceOf(Decision.Unreachable.class);
    }

    @Test
    void refusesByWhatItKnowsWhenItWaitedInVain() {
        FeedPolicy policy = put(TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100));
        book.allowance(policy, 0).apply(state(policy, 0, 95, 0), TestPolicies.REGISTRY_TIME, 0, 0);

        reserve(begin());
        eventLoop.advanceTimeBy(Duration.ofMillis(251));

        assertThat(decisions).singleElement().isInstanceOf(Decision.Refused.class);
    }

    @Test
    void doesNotTakeOldKnowledgeForAnAnswer() {
        FeedPolicy policy = put(TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100));
        book.allowance(policy, 0).apply(state(policy, 0, 95, 0), TestPolicies.REGISTRY_TIME, 0, 0);
        now.set(1_001 * MILLI);

        reserve(begin());
        eventLoop.advanceTimeBy(Duration.ofMillis(251));

        assertThat(decisions).singleElement().isInstanceOf(Decision.Unreachable.class);
    }

    @Test
    void doesNotWaitForARegistryThatFailedAMomentAgo() {
        FeedPolicy policy = put(TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100));
        book.allowance(policy, 0).failed(0);

        reserve(begin());

        assertThat(decisions).singleElement().isInstanceOf(Decision.Unreachable.class);
    }

    @Test
    void refusesAtOnceWhatTheRegistryHasJustRefused() {
        FeedPolicy policy = put(TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100));
        reserve(begin());
        answer(ask(), state(policy, 0, 95, 0));

        reserve(begin());

        assertThat(decisions).hasSize(2).allMatch(Decision.Refused.class::isInstance);
        assertThat(wishes().getFirst().refused()).isEqualTo(2);
    }

    @Test
    void refusesAtOnceWhereNoLeaseWouldHelp() {
        Allowance calls = granted(TestPolicies.rate(Unit.REQUESTS, Window.SECOND, 2, 2), 2);
        admit(begin());
        admit(begin());

        admit(begin());

        assertThat(decisions)
                .last()
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.why()).isEqualTo(Decision.Why.RATE));
        assertThat(calls.open()).isEqualTo(2);
    }

    @Test
    void refusesEverythingWithALimitOfZeroWithoutAsking() throws InterruptedException {
        put(TestPolicies.hard(Unit.TOKENS, Window.HOUR, 0));

        reserve(begin());

        assertThat(decisions)
                .singleElement()
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.why()).isEqualTo(Decision.Why.SPENT));
        assertThat(book.awaitWake(Duration.ZERO)).isFalse();
        assertThat(wishes().getFirst().refused()).isEqualTo(1);
    }

    @Test
    void letsNoMoreCallsWaitThanItMay() {
        put(TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100));
        reserve(begin());
        reserve(begin());

        reserve(begin());

        assertThat(decisions).singleElement().isInstanceOf(Decision.Unreachable.class);
    }

    @Test
    void takesNothingForACallThatGaveUpWaiting() {
        FeedPolicy policy = put(TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100));
        var waiting =
                quotas.reserve(begin(), BOUNDS, DEADLINE, eventLoop).subscribe(decisions::add);

        LeaseBook.Question question = ask();
        waiting.dispose();
        answer(question, state(policy, 40, 0, 40));

        assertThat(decisions).isEmpty();
        assertThat(quotas.open()).isZero();
    }

    @Test
    void takesNothingForACallThatHasEnded() {
        Allowance total = granted(TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100), 40);
        Reservation call = begin();
        quotas.end(call);

        reserve(call);

        assertThat(total.open()).isZero();
        assertThat(total.take(40, 40, 0)).isNotNull();
    }

    @Test
    void givesBackWhatOthersHadGrantedWhenOneRefuses() {
        Allowance total = granted(TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100), 40);
        put(TestPolicies.hard(Unit.TOKENS, Window.DAY, 0));
        Reservation call = begin();

        reserve(call);
        quotas.end(call);

        assertThat(decisions).singleElement().isInstanceOf(Decision.Refused.class);
        assertThat(quotas.open()).isZero();
        assertThat(total.take(40, 40, 0)).isNotNull();
    }

    @Test
    void shortensTheAnswerToWhatIsLeft() {
        granted(TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100), 14);
        Allowance output = granted(TestPolicies.hard(Unit.OUTPUT_TOKENS, Window.HOUR, 100), 50);
        Reservation call = begin();

        reserve(call);

        assertThat(call.outputTokens()).isEqualTo(4);
        assertThat(call.deadline()).isEqualTo(DEADLINE);
        assertThat(output.take(46, 46, 0)).isNotNull();
    }

    @Test
    void shortensTheDeadlineToTheTimeThatIsLeftAndNoFurtherThanIsOfUse() {
        Allowance time = granted(TestPolicies.hard(Unit.COMPUTE_MILLIS, Window.HOUR, 5_000), 101);
        Reservation call = begin();
        reserve(call);
        quotas.end(call);
        time.take(2, 2, 0);

        Reservation next = begin();
        reserve(next);

        assertThat(call.deadline()).isEqualTo(Duration.ofMillis(101));
        // 99 are not enough: it asks for one more.
        assertThat(wishes().getFirst().atLeast()).isEqualTo(1);
    }

    @Test
    void letsADryRunPassWhatItWouldHaveRefused() {
        put(TestPolicies.policy(Unit.TOKENS, Window.HOUR, 0, null, Mode.DRY_RUN));
        Reservation call = begin();

        reserve(call);

        assertThat(decisions).containsExactly(Decision.GRANTED);
        assertThat(wishes().getFirst().refused()).isEqualTo(1);
        assertThat(call.open(HOUR)).extracting(Charge::refused).containsExactly(true);
        assertThat(call.outputTokens()).isEqualTo(20);
    }

    @Test
    void letsADryRunPassWithoutARegistryAndSaysNothingOfARefusal() {
        FeedPolicy dry =
                put(TestPolicies.policy(Unit.TOKENS, Window.HOUR, 100, null, Mode.DRY_RUN));
        book.allowance(dry, 0).failed(0);
        Reservation call = begin();

        reserve(call);

        assertThat(decisions).containsExactly(Decision.GRANTED);
        assertThat(call.open(HOUR)).extracting(Charge::refused).containsExactly(false);
    }

    @Test
    void doesNotShortenACallForADryRun() {
        Allowance dry =
                granted(TestPolicies.policy(Unit.TOKENS, Window.HOUR, 100, null, Mode.DRY_RUN), 14);
        Reservation call = begin();

        reserve(call);

        assertThat(dry.open()).isZero();
        assertThat(wishes().getFirst().atLeast()).isEqualTo(16);
    }

    @Test
    void onlyWatchesASoftPolicy() {
        Allowance soft =
                book.allowance(
                        put(TestPolicies.policy(Unit.TOKENS, Window.HOUR, 0, null, Mode.SOFT)), 0);
        reserve(begin());

        LeaseBook.Question question = ask();
        answer(question, state(soft.policy, 0, 0, 0));
        now.set(5_000 * MILLI);
        reserve(begin());
        List<LeaseWish> fresh = wishes();
        now.set(5_000 * MILLI + 1);
        reserve(begin());

        assertThat(decisions).hasSize(3).containsOnly(Decision.GRANTED);
        assertThat(question.wishes().getFirst().want()).isZero();
        assertThat(soft.open()).isZero();
        assertThat(fresh).isEmpty();
        assertThat(wishes()).hasSize(1);
    }

    @Test
    void doesNotLetACallOfUnknownCostPassAHardBudget() {
        granted(TestPolicies.hard(Unit.COST_MICROS, Window.HOUR, 1_000), 500);

        reserve(begin());

        assertThat(decisions).singleElement().isInstanceOf(Decision.Unpriced.class);
        assertThat(wishes(0).getFirst().refused()).isEqualTo(1);
    }

    @Test
    void countsACallOfUnknownCostForADryRunAndPassesASoftBudget() {
        FeedPolicy dry =
                put(TestPolicies.policy(Unit.COST_MICROS, Window.HOUR, 1_000, null, Mode.DRY_RUN));
        put(TestPolicies.policy(Unit.COST_MICROS, Window.HOUR, 1_000, null, Mode.SOFT));

        reserve(begin());

        assertThat(decisions).containsExactly(Decision.GRANTED);
        List<LeaseWish> wishes = wishes();
        assertThat(wishes).extracting(LeaseWish::policyId).containsExactly(dry.id());
        assertThat(wishes).extracting(LeaseWish::refused).containsExactly(1L);
    }

    @Test
    void takesWhatACallMayCostOfABudget() {
        Allowance budget = granted(TestPolicies.hard(Unit.COST_MICROS, Window.HOUR, 1_000), 500);
        Reservation call = quotas.begin(caller(), MODEL, PRICE);

        reserve(call);

        assertThat(decisions).containsExactly(Decision.GRANTED);
        assertThat(budget.take(481, 481, 0)).isNull();
        assertThat(budget.take(480, 480, 0)).isNotNull();
    }

    @Test
    void fetchesMoreBeforeSomebodyHasToWait() throws InterruptedException {
        Allowance total = granted(TestPolicies.hard(Unit.REQUESTS, Window.HOUR, 100), 12);
        total.take(10, 10, 0);
        total.keep(1_000 * MILLI);
        now.set(1_000 * MILLI);
        book.awaitWake(Duration.ZERO);

        reserve(begin());

        assertThat(decisions).containsExactly(Decision.GRANTED);
        assertThat(book.awaitWake(Duration.ZERO)).isTrue();
    }

    @Test
    void wakesNobodyWhileThereIsEnough() throws InterruptedException {
        granted(TestPolicies.hard(Unit.REQUESTS, Window.HOUR, 100), 12);

        reserve(begin());

        assertThat(book.awaitWake(Duration.ZERO)).isFalse();
    }

    @Test
    void givesARateBackWhatTheCallDidNotUse() {
        Allowance rate = granted(TestPolicies.rate(Unit.TOKENS, Window.SECOND, 50, 50), 50);
        Reservation call = begin();
        reserve(call);
        call.open(HOUR);

        call.settle(new Consumption(true, 10, 5, 0), 0);
        quotas.end(call);

        assertThat(rate.standing(0).left()).isEqualTo(35);
        assertThat(quotas.open()).isZero();
    }

    @Test
    void givesAPermitBackAtTheEndOfTheCall() {
        Allowance level = granted(TestPolicies.hard(Unit.CONCURRENCY, Window.NONE, 1), 1);
        Reservation call = begin();
        admit(call);
        call.open(HOUR);
        assertThat(level.take(1, 1, 0)).isNull();

        quotas.end(call);

        assertThat(level.take(1, 1, 0)).isNotNull();
    }

    @Test
    void tellsACallerWhereAllOfItsPoliciesStandThatWereAskedForJustNow() {
        FeedPolicy own = put(new PolicySubject(null, "key", null));
        FeedPolicy tenant = put(PolicySubject.TENANT);
        put(new PolicySubject(null, "another", null));
        put(new PolicySubject(new ProjectId(UUID.randomUUID()), null, null));
        FeedPolicy model = put(new PolicySubject(null, null, new ModelName("acme", "other")));
        List<FeedPolicy> all = List.of(own, tenant, model);
        all.forEach(policy ->
                book.allowance(policy, 0)
                        .apply(state(policy, 0, 7, 0), TestPolicies.REGISTRY_TIME, 0, 0));
        List<List<Standing>> told = new ArrayList<>();

        quotas.standings(caller(), eventLoop).subscribe(told::add);

        assertThat(told.getFirst())
                .extracting(standing -> standing.policy().id())
                .containsExactlyInAnyOrder(own.id(), tenant.id(), model.id());
        assertThat(told.getFirst()).extracting(Standing::used).containsOnly(7L);
    }

    @Test
    void tellsACallWhereItsHardPoliciesStand() {
        Allowance total = granted(TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100), 40);

        assertThat(quotas.standings(begin()))
                .extracting(Standing::policy)
                .containsExactly(total.policy);
    }

    private Reservation begin() {
        return quotas.begin(caller(), MODEL, null);
    }

    private static Caller caller() {
        return new Caller(
                TENANT, "acme", PROJECT, PrincipalKind.API_KEY, "key", Set.of(), Set.of(), 0, null);
    }

    private void admit(Reservation call) {
        subscribe(quotas.admit(call, DEADLINE, eventLoop));
    }

    private void reserve(Reservation call) {
        subscribe(quotas.reserve(call, BOUNDS, DEADLINE, eventLoop));
    }

    private void subscribe(Mono<Decision> decision) {
        decision.subscribe(decisions::add);
        eventLoop.advanceTimeBy(Duration.ZERO);
    }

    private LeaseBook.Question ask() {
        return book.questions(now.get()).getFirst();
    }

    /** What there is to say now, or a second later where it is said once a second. */
    private List<LeaseWish> wishes() {
        return wishes(1_000 * MILLI);
    }

    private List<LeaseWish> wishes(long later) {
        return book.questions(now.get() + later).stream()
                .flatMap(question -> question.wishes().stream())
                .toList();
    }

    private void answer(LeaseBook.Question question, FeedPolicy... policies) {
        LeaseState[] states = new LeaseState[policies.length];
        for (int i = 0; i < policies.length; i++) {
            states[i] = state(policies[i], 40, 0, 40);
        }
        answer(question, states);
    }

    private void answer(LeaseBook.Question question, LeaseState... states) {
        book.answered(question, TestPolicies.reply(states), now.get(), now.get());
        eventLoop.advanceTimeBy(Duration.ZERO);
    }

    private Allowance granted(FeedPolicy policy, long amount) {
        Allowance allowance = book.allowance(put(policy), 0);
        TestPolicies.grant(allowance, UUID.randomUUID(), amount, 0);
        return allowance;
    }

    private FeedPolicy put(PolicySubject subject) {
        return put(TestPolicies.of(subject, Unit.TOKENS, Window.HOUR, 100, null, Mode.HARD));
    }

    private FeedPolicy put(FeedPolicy policy) {
        feed.put(FeedKind.QUOTA_POLICY, policy.id().toString(), policy);
        return feed.feed().snapshot().policies(TENANT).all().stream()
                .filter(known -> known.id().equals(policy.id()))
                .findFirst()
                .orElseThrow();
    }

    private static LeaseState state(FeedPolicy policy, long amount, long used, long reserved) {
        return state(policy, HOUR, amount, used, reserved);
    }

    private static LeaseState state(
            FeedPolicy policy, Instant window, long amount, long used, long reserved) {
        @Nullable UUID lease = amount == 0 ? null : policy.id().value();
        return TestPolicies.state(policy, window, lease, amount, used, reserved);
    }

    private static List<Integer> open(Allowance... allowances) {
        return List.of(allowances).stream().map(Allowance::open).toList();
    }
}
