package dev.atrium.gateway.quota;

import static dev.atrium.gateway.quota.TestPolicies.PROPERTIES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.gateway.upstream.TokenBounds;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.UnitPrices;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.Media;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemandTests {
    private static final TokenBounds BOUNDS = new TokenBounds(10, 20, 25);
    private static final long COMPUTE = 3_000;
    private static final long LEAST_COMPUTE = 100;

    @ParameterizedTest
    @CsvSource({
        "REQUESTS, 1, 1",
        "CONCURRENCY, 1, 1",
        "INPUT_TOKENS, 10, 10",
        "OUTPUT_TOKENS, 1, 20",
        "TOKENS, 11, 25",
        "COMPUTE_MILLIS, 100, 3000"
    })
    void needsBetweenTheLeastThatIsOfUseAndTheWorst(Unit unit, long least, long worst) {
        Demand demand = demand(null);

        assertThat(demand.least(policy(unit))).isEqualTo(least);
        assertThat(demand.worst(policy(unit))).isEqualTo(worst);
    }

    @ParameterizedTest
    @CsvSource({"IMAGES, 1", "AUDIO_MILLIS, 1500", "OUTPUT_TOKENS, 0", "TOKENS, 0"})
    void needsAllPicturesAndSoundOfItsInput(Unit unit, long all) {
        TokenBounds media = TokenBounds.ofMedia(new Media(1, 1_500));
        Demand demand = new Demand(media, COMPUTE, LEAST_COMPUTE, null);

        assertThat(demand.least(policy(unit))).isEqualTo(all);
        assertThat(demand.worst(policy(unit))).isEqualTo(all);
        assertThat(demand(null).worst(policy(Unit.IMAGES))).isZero();
        assertThat(demand(null).worst(policy(Unit.AUDIO_MILLIS))).isZero();
    }

    @Test
    void costsItsPicturesAndItsSound() {
        UnitPrices units = new UnitPrices(null, null, null, null, 2_000_000L, 1_000_000L, null);
        Price price = new Price(new PriceId(UUID.randomUUID()), "EUR", units);
        TokenBounds media = TokenBounds.ofMedia(new Media(1, 1_500));
        Demand demand = new Demand(media, COMPUTE, LEAST_COMPUTE, price);

        // None of it can be cut.
        assertThat(demand.least(policy(Unit.COST_MICROS))).isEqualTo(2 + 1_500);
        assertThat(demand.worst(policy(Unit.COST_MICROS))).isEqualTo(2 + 1_500);
    }

    @Test
    void needsNoOutputWhereNothingIsGenerated() {
        Demand demand = new Demand(TokenBounds.ofInput(10), COMPUTE, LEAST_COMPUTE, null);

        assertThat(demand.least(policy(Unit.OUTPUT_TOKENS))).isZero();
        assertThat(demand.least(policy(Unit.TOKENS))).isEqualTo(10);
    }

    @Test
    void needsNoMoreComputeThanItsDeadline() {
        Demand demand = new Demand(BOUNDS, 50, LEAST_COMPUTE, null);

        assertThat(demand.least(policy(Unit.COMPUTE_MILLIS))).isEqualTo(50);
    }

    @Test
    void costsAtWorstWhatTheDearerTokensTakeOfTheContext() {
        assertThat(worstCost(price(5, 2, 3, 0))).isEqualTo(5 + 5 * 2 + 20 * 3);
        assertThat(worstCost(price(5, 3, 2, 0))).isEqualTo(5 + 10 * 3 + 15 * 2);
        assertThat(worstCost(price(5, 2, 2, 0))).isEqualTo(5 + 25 * 2);
        assertThat(worstCost(price(0, 0, 0, 4))).isEqualTo(COMPUTE * 4);
    }

    @Test
    void costsNothingForWhatHasNoPrice() {
        Price onlyOutput =
                new Price(
                        new PriceId(UUID.randomUUID()),
                        "EUR",
                        new UnitPrices(null, null, 3_000_000L, null));

        assertThat(worstCost(onlyOutput)).isEqualTo(60);
    }

    @Test
    void costsAtLeastOneTokenAndTheShortestDeadline() {
        assertThat(demand(price(5, 2, 3, 1)).least(policy(Unit.COST_MICROS)))
                .isEqualTo(5 + 10 * 2 + 3 + LEAST_COMPUTE);
    }

    @Test
    void isNotShortenedInWhatCostsNothing() {
        Demand demand = demand(price(5, 2, 0, 1));

        Demand fitted = demand.fitted(granted(Unit.COST_MICROS, 5 + 10 * 2 + 500));

        assertThat(fitted.tokens()).isEqualTo(BOUNDS);
        assertThat(fitted.computeMillis()).isEqualTo(500);
    }

    @Test
    void isNotPricedInAnotherCurrency() {
        Price dollars = new Price(new PriceId(UUID.randomUUID()), "USD", price(5, 2, 3, 1).units());
        FeedPolicy budget = policy(Unit.COST_MICROS);

        assertThat(Demand.isPriced(budget, null)).isFalse();
        assertThat(Demand.isPriced(budget, dollars)).isFalse();
        assertThat(Demand.isPriced(budget, price(0, 0, 0, 0))).isTrue();
        assertThat(Demand.isPriced(policy(Unit.TOKENS), null)).isTrue();
        assertThat(demand(dollars).least(budget)).isZero();
        assertThat(demand(dollars).worst(budget)).isZero();
    }

    @Test
    void isShortenedToTheOutputThatIsLeft() {
        Demand fitted = demand(null).fitted(granted(Unit.OUTPUT_TOKENS, 8));

        assertThat(fitted.tokens()).isEqualTo(new TokenBounds(10, 8, 18));
        assertThat(fitted.computeMillis()).isEqualTo(COMPUTE);
    }

    @Test
    void isShortenedToTheTokensThatAreLeft() {
        assertThat(demand(null).fitted(granted(Unit.TOKENS, 14)).tokens())
                .isEqualTo(new TokenBounds(10, 4, 14));
        assertThat(demand(null).fitted(granted(Unit.TOKENS, 25)).tokens()).isEqualTo(BOUNDS);
    }

    @Test
    void isShortenedToTheTimeThatIsLeft() {
        assertThat(demand(null).fitted(granted(Unit.COMPUTE_MILLIS, 700)).computeMillis())
                .isEqualTo(700);
    }

    @Test
    void isShortenedToTheTightestOfSeveralLimits() {
        Reservation granted = granted(Unit.OUTPUT_TOKENS, 15, Unit.OUTPUT_TOKENS, 6);

        assertThat(demand(null).fitted(granted).tokens().output()).isEqualTo(6);
    }

    @Test
    void isShortenedToWhatABudgetPaysExactly() {
        Demand demand = demand(price(5, 2, 3, 0));

        assertThat(demand.fitted(granted(Unit.COST_MICROS, 49)).tokens())
                .isEqualTo(new TokenBounds(10, 8, 18));
        assertThat(demand.fitted(granted(Unit.COST_MICROS, 48)).tokens().output()).isEqualTo(7);
        assertThat(demand.fitted(granted(Unit.COST_MICROS, 48)).computeMillis()).isEqualTo(COMPUTE);
    }

    @Test
    void isNotShortenedByABudgetThatPaysAll() {
        Demand demand = demand(price(5, 2, 3, 0));

        assertThat(demand.fitted(granted(Unit.COST_MICROS, 75))).isEqualTo(demand);
        assertThat(demand.fitted(granted(Unit.COST_MICROS, 74))).isNotEqualTo(demand);
    }

    @Test
    void isShortenedInTimeAndTokensTogetherWhereBothArePaid() {
        Demand demand = demand(price(0, 0, 30, 1));
        long budget = 1_000;

        Demand fitted = demand.fitted(granted(Unit.COST_MICROS, budget));

        assertThat(fitted.worst(policy(Unit.COST_MICROS))).isBetween(budget - 31, budget);
        assertThat(fitted.tokens().output()).isBetween(2L, 19L);
        assertThat(fitted.computeMillis()).isBetween(LEAST_COMPUTE + 1, COMPUTE - 1);
    }

    private static Demand demand(@Nullable Price price) {
        return new Demand(BOUNDS, COMPUTE, LEAST_COMPUTE, price);
    }

    private static long worstCost(Price price) {
        return demand(price).worst(policy(Unit.COST_MICROS));
    }

    private static FeedPolicy policy(Unit unit) {
        return TestPolicies.hard(unit, Window.HOUR, 1_000_000);
    }

    /** Prices of one unit, in micros. */
    private static Price price(long request, long input, long output, long milli) {
        return new Price(
                new PriceId(UUID.randomUUID()),
                "EUR",
                new UnitPrices(
                        request * 1_000_000,
                        input * 1_000_000,
                        output * 1_000_000,
                        milli * 1_000_000));
    }

    /**
     * @param unitsAndAmounts what was taken, each a unit and how much of it
     */
    private static Reservation granted(Object... unitsAndAmounts) {
        List<Allowance> allowances = new ArrayList<>();
        List<Take> takes = new ArrayList<>();
        for (int i = 0; i < unitsAndAmounts.length; i += 2) {
            Allowance allowance =
                    new UnitAllowance(policy((Unit) unitsAndAmounts[i]), PROPERTIES, 0);
            long units = ((Number) unitsAndAmounts[i + 1]).longValue();
            allowances.add(allowance);
            takes.add(new Take(allowance, null, 0, units));
        }
        Reservation reservation = new Reservation(allowances, null, 0);
        takes.forEach(reservation::add);
        return reservation;
    }
}
