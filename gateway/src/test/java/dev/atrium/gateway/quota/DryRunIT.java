package dev.atrium.gateway.quota;

import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.assertNothingIsLeft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.registry.api.pricing.UnitPrices;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits that only count: what they would have refused, or what was used beyond them. */
class DryRunIT {
    private final LimitedTenant acme = new LimitedTenant();

    @AfterEach
    void nothingIsBrokenOrLeft() {
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @CsvSource({"REQUESTS, 2", "INPUT_TOKENS, 10", "TOKENS, 10"})
    void countsWhatARateWouldHaveRefused(Unit unit, long amount) {
        PolicyId policy = acme.limit(unit, Window.MINUTE, amount, Mode.DRY_RUN);

        List<HttpResponse<String>> answers = embeddings(4);

        assertThat(answers).allSatisfy(DryRunIT::assertUnlimited);
        await().until(() -> LimitedTenant.figures(policy).refused() == 2);
    }

    @Test
    void countsWhatARateWouldHaveRefusedInEachSecond() {
        PolicyId policy = acme.limit(Unit.REQUESTS, Window.SECOND, 1, Mode.DRY_RUN);

        List<HttpResponse<String>> first = together(3);
        // Told a second later at the earliest, so by then there is room for one again.
        await().until(() -> LimitedTenant.figures(policy).refused() == 2);
        List<HttpResponse<String>> later = together(3);

        assertThat(first).allSatisfy(DryRunIT::assertUnlimited);
        assertThat(later).allSatisfy(DryRunIT::assertUnlimited);
        await().until(() -> LimitedTenant.figures(policy).refused() == 4);
    }

    @Test
    void countsTheCallsThatWouldHaveBeenTooManyAtATime() {
        PolicyId policy = acme.limit(Unit.CONCURRENCY, Window.NONE, 2, Mode.DRY_RUN);
        NODE_A.hold();
        List<CompletableFuture<HttpResponse<String>>> running = begin(5);
        await().until(() -> NODE_A.running() == 5);
        NODE_A.goOn();

        assertThat(joined(running)).allSatisfy(DryRunIT::assertUnlimited);
        await().until(() -> LimitedTenant.figures(policy).refused() == 3);
        // Permits are back: one after the other is never too many.
        assertThat(embeddings(3)).allSatisfy(DryRunIT::assertUnlimited);
        await().during(Duration.ofMillis(1_200))
                .until(() -> LimitedTenant.figures(policy).refused() == 3);
    }

    /** A hard limit of tokens shortens answers and refuses none before there is nothing left. */
    @Test
    void countsNoCallThatATotalOfTokensWouldOnlyHaveShortened() {
        PolicyId policy = acme.limit(Unit.OUTPUT_TOKENS, Window.DAY, 10, Mode.DRY_RUN);

        generate(policy, 5);
        generate(policy, 10);
        assertThat(acme.charges()).hasSize(2).noneMatch(Charge::refused);
        AtomicLong used = new AtomicLong(10);
        await().until(() -> {
            generate(policy, used.addAndGet(5));
            return acme.charges().stream().anyMatch(Charge::refused);
        });

        await().until(() -> LimitedTenant.figures(policy).refused() == 1);
    }

    /** 5 tokens of the 10 that it may. */
    private void generate(PolicyId policy, long usedThen) {
        HttpResponse<String> answer = acme.chat(",\"max_tokens\":10");
        assertUnlimited(answer);
        assertThat(answer.body()).contains("\"completion_tokens\":5");
        await().until(() -> LimitedTenant.figures(policy).used() == usedThen);
    }

    @Test
    void countsNoCallThatARateOfTokensWouldOnlyHaveShortened() {
        PolicyId policy = acme.limit(Unit.OUTPUT_TOKENS, Window.MINUTE, 10, Mode.DRY_RUN);
        NODE_A.script(Script.answer().tokens(12, Duration.ZERO));

        // At worst 20; the first uses more than all there is.
        List<HttpResponse<String>> answers =
                IntStream.range(0, 3).mapToObj(i -> acme.chat(",\"max_tokens\":20")).toList();

        assertThat(answers)
                .allSatisfy(DryRunIT::assertUnlimited)
                .allMatch(answer -> answer.body().contains("\"completion_tokens\":12"));
        await().until(() -> LimitedTenant.figures(policy).refused() > 0);
        assertThat(LimitedTenant.figures(policy).refused()).isEqualTo(2);
    }

    @Test
    void countsWhatATotalOfComputeTimeWouldHaveRefusedAndShortensNoDeadline() {
        // Enough for a call with the shortest deadline that is of use, which is 100 ms.
        PolicyId policy = acme.limit(Unit.COMPUTE_MILLIS, Window.DAY, 101, Mode.DRY_RUN);

        assertUnlimited(acme.embed());
        await().until(() -> LimitedTenant.figures(policy).used() == 1);
        assertThat(acme.charges()).hasSize(1).noneMatch(Charge::refused);
        await().until(() -> {
            assertUnlimited(acme.embed());
            return acme.charges().stream().anyMatch(Charge::refused);
        });

        await().until(() -> LimitedTenant.figures(policy).refused() > 0);
        assertThat(LimitedTenant.figures(policy).used()).isGreaterThanOrEqualTo(2);
        assertThat(NODE_A.executions().values())
                .flatExtracting(attempts -> attempts)
                .filteredOn(each -> each.grant().tenantId().equals(acme.tenant().id().value()))
                .isNotEmpty()
                .allMatch(each -> each.grant().deadlineMillis() > 5_000);
    }

    @Test
    void countsWhatABudgetWouldHaveRefused() {
        PLATFORM.price(acme.tenant(), "EUR", new UnitPrices(3_000_000L, null, null, null));
        PolicyId policy = acme.limit(Unit.COST_MICROS, Window.MONTH, 7, Mode.DRY_RUN);

        List<HttpResponse<String>> answers = embeddings(4);

        assertThat(answers)
                .allSatisfy(DryRunIT::assertUnlimited)
                .allMatch(answer -> answer.headers().firstValue("Atrium-Cost").isPresent());
        await().until(() -> LimitedTenant.figures(policy).used() == 12);
        assertThat(acme.charges()).filteredOn(Charge::refused).hasSize(2);
        await().until(() -> LimitedTenant.figures(policy).refused() == 2);
    }

    /** What two calls use of each, of which the limit is passed by the first. */
    @ParameterizedTest
    @CsvSource({"OUTPUT_TOKENS, 10", "COMPUTE_MILLIS, 2", "COST_MICROS, 6"})
    void goesOnBeyondASoftLimitAndCountsIt(Unit unit, long used) {
        PLATFORM.price(acme.tenant(), "EUR", new UnitPrices(3_000_000L, null, null, null));
        PolicyId policy = acme.limit(unit, Window.DAY, 1, Mode.SOFT);
        NODE_A.script(Script.answer().tokens(5, Duration.ZERO));

        List<HttpResponse<String>> answers = List.of(acme.chat(""), acme.chat(""));

        assertThat(answers)
                .allSatisfy(DryRunIT::assertUnlimited)
                .allMatch(answer -> answer.body().contains("\"completion_tokens\":5"));
        await().until(() -> LimitedTenant.figures(policy).used() == used);
        assertThat(acme.charges())
                .hasSize(2)
                .allMatch(charge -> charge.leaseId() == null && !charge.refused());
        assertThat(LimitedTenant.figures(policy).refused()).isZero();
    }

    /** Served as if there was no limit: neither refused nor shortened, and told of none. */
    private static void assertUnlimited(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Atrium-Max-Tokens")).isEmpty();
        assertThat(answer.headers().firstValue("RateLimit")).isEmpty();
    }

    private List<HttpResponse<String>> embeddings(int count) {
        return IntStream.range(0, count).mapToObj(i -> acme.embed()).toList();
    }

    private List<HttpResponse<String>> together(int count) {
        return joined(begin(count));
    }

    private List<CompletableFuture<HttpResponse<String>>> begin(int count) {
        return IntStream.range(0, count).mapToObj(i -> acme.beginEmbedding()).toList();
    }

    private static List<HttpResponse<String>> joined(
            List<CompletableFuture<HttpResponse<String>>> calls) {
        return calls.stream().map(CompletableFuture::join).toList();
    }
}
