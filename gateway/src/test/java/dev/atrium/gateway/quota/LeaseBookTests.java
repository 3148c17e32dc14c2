package dev.atrium.gateway.quota;

import static dev.atrium.gateway.quota.TestPolicies.HOUR;
import static dev.atrium.gateway.quota.TestPolicies.MILLI;
import static dev.atrium.gateway.quota.TestPolicies.PROPERTIES;
import static dev.atrium.gateway.quota.TestPolicies.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Recall;
import dev.atrium.registry.api.quota.RecallPage;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is asked of many policies at once, and what becomes of the answers. */
class LeaseBookTests {
    private final LeaseBook book = new LeaseBook(PROPERTIES);
    private final FeedPolicy tokens = TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100);
    private final FeedPolicy rate = TestPolicies.rate(Unit.REQUESTS, Window.SECOND, 10, 10);

    @Test
    void keepsOneAllowanceOfEachPolicyThroughItsChanges() {
        Allowance first = book.allowance(tokens, 0);
        FeedPolicy changed = TestPolicies.changed(tokens, 500, null);

        Allowance again = book.allowance(changed, 0);

        assertThat(again).isSameAs(first);
        assertThat(first.policy).isSameAs(changed);
        assertThat(book.find(tokens.id())).containsSame(first);
        assertThat(book.find(rate.id())).isEmpty();
    }

    @Test
    void countsRatesAndTotalsEachInTheirWay() {
        assertThat(book.allowance(rate, 0)).isInstanceOf(RateAllowance.class);
        assertThat(book.allowance(tokens, 0)).isInstanceOf(UnitAllowance.class);
    }

    @Test
    void isEmptyUntilAPolicyIsUsed() {
        assertThat(book.isEmpty()).isTrue();
        assertThat(book.questions(0)).isEmpty();

        book.allowance(tokens, 0);

        assertThat(book.isEmpty()).isFalse();
        assertThat(book.all()).hasSize(1);
    }

    @Test
    void asksOfManyPoliciesInRequestsOfABoundedSize() {
        Stream.generate(() -> TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100))
                .limit(900)
                .forEach(policy -> book.allowance(policy, 0).wantState());

        List<LeaseBook.Question> questions = book.questions(0);

        assertThat(questions)
                .extracting(question -> question.wishes().size())
                .containsExactly(400, 400, 100);
        assertThat(questions)
                .extracting(question -> question.about().size())
                .containsExactly(400, 400, 100);
        assertThat(book.questions(0)).isEmpty();
    }

    @Test
    void bringsEachAnswerToItsPolicy() {
        Allowance counted = book.allowance(tokens, 0);
        counted.wantState();
        book.allowance(rate, 0).wantState();
        UUID lease = UUID.randomUUID();
        LeaseBook.Question question = book.questions(0).getFirst();

        book.answered(
                question,
                TestPolicies.reply(
                        TestPolicies.state(tokens, HOUR, lease, 30, 0, 30),
                        TestPolicies.state(
                                TestPolicies.hard(Unit.TOKENS, Window.HOUR, 1),
                                HOUR,
                                lease,
                                1,
                                0,
                                1)),
                0,
                MILLI);

        assertThat(counted.take(30, 30, MILLI)).isNotNull();
        // Answered as well: the registry knows no such policy.
        book.allowance(rate, 0).wantState();
        assertThat(book.questions(2 * MILLI).getFirst().about()).contains(book.allowance(rate, 0));
    }

    @Test
    void takesMoreOfOneLeaseAsMoreThoughAnotherOfThePolicySaysNothingNew() {
        Allowance counted = book.allowance(tokens, 0);
        UUID former = UUID.randomUUID();
        UUID lease = UUID.randomUUID();
        counted.apply(
                TestPolicies.state(tokens, HOUR, former, 5, 0, 5),
                TestPolicies.REGISTRY_TIME,
                0,
                0);
        counted.endWindow(0);
        counted.wantState();
        LeaseBook.Question question = book.questions(0).getFirst();
        FeedPolicy next = tokens;

        book.answered(
                question,
                TestPolicies.reply(
                        TestPolicies.state(next, HOUR, lease, 30, 0, 30),
                        TestPolicies.state(tokens, HOUR, former, 5, 0, 5)),
                0,
                MILLI);

        // More came, so it may fetch ahead again soon, and not after half a second.
        counted.take(29, 29, MILLI);
        counted.keep(SECOND / 5);
        assertThat(counted.isLow(SECOND / 5)).isTrue();
    }

    @Test
    void tellsEveryPolicyOfAQuestionThatNobodyAnswered() {
        Allowance counted = book.allowance(tokens, 0);
        counted.wantState();

        book.failed(book.questions(0).getFirst(), MILLI);

        assertThat(counted.isUnreachable(2 * MILLI)).isTrue();
    }

    @Test
    void looksAfterEveryPolicyBeforeItAsks() {
        Allowance counted = book.allowance(tokens, 0);
        TestPolicies.grant(counted, UUID.randomUUID(), 40, 0);

        List<LeaseWish> wishes = book.questions(10 * SECOND + 1).getFirst().wishes();

        assertThat(wishes).extracting(LeaseWish::returned).containsExactly(40L);
    }

    @Test
    void forgetsPoliciesThatNobodyUses() {
        book.allowance(tokens, 0);

        book.forgetIdle(600 * SECOND);
        boolean early = book.isEmpty();
        book.forgetIdle(600 * SECOND + 1);

        assertThat(early).isFalse();
        assertThat(book.isEmpty()).isTrue();
    }

    @Test
    void givesEverythingBackInTheEnd() {
        TestPolicies.grant(book.allowance(tokens, 0), UUID.randomUUID(), 40, 0);
        TestPolicies.grant(book.allowance(rate, 0), UUID.randomUUID(), 6, 0);

        assertThat(book.lastWords(0))
                .extracting(LeaseWish::returned)
                .containsExactlyInAnyOrder(40L, 6L);
    }

    @Test
    void isWokenOnceByManyWhoWait() throws InterruptedException {
        book.wake();
        book.wake();

        assertThat(book.awaitWake(Duration.ZERO)).isTrue();
        assertThat(book.awaitWake(Duration.ZERO)).isFalse();
    }

    @Test
    void givesBackWhatIsRecalledAndOnlyThat() throws InterruptedException {
        FeedPolicy other = TestPolicies.hard(Unit.TOKENS, Window.HOUR, 100);
        Allowance wanted = book.allowance(tokens, 0);
        Allowance unwanted = book.allowance(other, 0);
        RecallListener recalls = new RecallListener(PROPERTIES, null, null, book, () -> 0);
        recalls.heard(new RecallPage(7, List.of()), 0);
        TestPolicies.grant(wanted, UUID.randomUUID(), 40, 0);
        TestPolicies.grant(unwanted, UUID.randomUUID(), 40, 0);
        book.awaitWake(Duration.ZERO);

        recalls.heard(
                new RecallPage(
                        9,
                        List.of(
                                new Recall(8, tokens.id(), HOUR),
                                new Recall(9, new PolicyId(UUID.randomUUID()), HOUR))),
                0);

        assertThat(recalls.sequence()).isEqualTo(9);
        assertThat(wanted.take(1, 1, 0)).isNull();
        assertThat(unwanted.take(40, 40, 0)).isNotNull();
        assertThat(book.awaitWake(Duration.ZERO)).isTrue();
    }

    @Test
    void givesEverythingBackWhenItDoesNotKnowWhatWasRecalled() {
        Allowance counted = book.allowance(tokens, 0);
        TestPolicies.grant(counted, UUID.randomUUID(), 40, 0);
        RecallListener recalls = new RecallListener(PROPERTIES, null, null, book, () -> 0);

        recalls.heard(new RecallPage(5, List.of()), 0);

        assertThat(counted.take(1, 1, 0)).isNull();
    }
}
