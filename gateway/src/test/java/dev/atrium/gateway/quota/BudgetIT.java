package dev.atrium.gateway.quota;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static dev.atrium.gateway.testing.SharedGateway.assertNothingIsLeft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.feed.Feed;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.pricing.FreeUnits;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.pricing.UnitPrices;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.UsageRecord;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Prices and budgets on one gateway, one call at a time. */
class BudgetIT {
    /** A millionth a call. */
    private static final UnitPrices PER_CALL = new UnitPrices(1_000_000L, null, null, null);

    private static final UnitPrices FREE = new UnitPrices(0L, null, null, null);

    private TenantFixture acme;
    private KeyFixture key;

    @BeforeEach
    void deploy() {
        acme = PLATFORM.customer(NODE_A);
        key = PLATFORM.key(acme);
        await().until(() -> GATEWAY.get("/v1/models/chat", key.text()).statusCode() == 200);
    }

    @AfterEach
    void nothingIsBrokenOrLeft() {
        assertNothingIsLeft();
    }

    @Test
    void refusesEveryCallThatCostsSomethingWithABudgetOfZero() {
        price("EUR", PER_CALL);
        budget(Window.LIFETIME, 0, Mode.HARD);

        HttpResponse<String> refused = embed();
        price("EUR", FREE);
        HttpResponse<String> free = embed();

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body())
                .contains("\"code\":\"insufficient_quota\"")
                .contains("0 millionths of EUR in all");
        assertThat(refused.headers().firstValue("x-should-retry")).hasValue("false");
        assertThat(free.statusCode()).isEqualTo(200);
        assertThat(free.headers().firstValue("Atrium-Cost")).hasValue("0;currency=\"EUR\"");
    }

    @Test
    void refusesACallOfWhichABudgetCannotTellTheCost() {
        budget(Window.DAY, 1_000, Mode.HARD);

        HttpResponse<String> unpriced = embed();
        price("USD", PER_CALL);
        HttpResponse<String> foreign = embed();

        for (HttpResponse<String> answer : List.of(unpriced, foreign)) {
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("\"code\":\"price_missing\"").contains("'test'");
            assertThat(answer.headers().firstValue("x-should-retry")).hasValue("false");
        }
        assertThat(ledger()).isEmpty();
    }

    @Test
    void needsNoPriceWhereNoBudgetIsHard() {
        PolicyId soft = budget(Window.DAY, 1, Mode.SOFT);
        budget(Window.DAY, 1, Mode.DRY_RUN);

        HttpResponse<String> unpriced = embed();
        price("EUR", PER_CALL);
        HttpResponse<String> priced = embed();

        assertThat(unpriced.statusCode()).isEqualTo(200);
        assertThat(unpriced.headers().firstValue("Atrium-Cost")).isEmpty();
        assertThat(priced.statusCode()).isEqualTo(200);
        await().until(() -> REGISTRY.quotas().figures(soft).used() == 1);
        assertThat(ledger()).filteredOn(usage -> usage.priceId() == null).hasSize(1);
    }

    @Test
    void saysNoCostWhereSomeOfItMayBeFreeAndReservesTheWhole() {
        price(
                "EUR",
                new UnitPrices(5_000_000L, null, null, null, new FreeUnits(9L, null, null, null)));
        PolicyId policy = budget(Window.MONTH, 1_000_000, Mode.HARD);

        HttpResponse<String> answer = embed();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Atrium-Cost")).isEmpty();
        await().until(() -> REGISTRY.quotas().figures(policy).used() == 5);
    }

    @Test
    void saysWhatACallCostsAndChargesJustThat() {
        // An embedding of 3 tokens in one millisecond.
        Price price = price("EUR", new UnitPrices(1_000_000L, 2_000_000L, 9L, 5_000_000L));
        PolicyId policy = budget(Window.MONTH, 1_000_000, Mode.HARD);

        HttpResponse<String> answer = embed();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Atrium-Cost")).hasValue("12;currency=\"EUR\"");
        assertThat(answer.headers().firstValue("RateLimit-Policy").orElseThrow())
                .contains("q=1000000;")
                .contains("qu=\"atrium-cost-micros\"");
        await().until(() -> REGISTRY.quotas().figures(policy).used() == 12);
        assertThat(ledger()).extracting(UsageRecord::priceId).containsExactly(price.id());
        await().untilAsserted(() ->
                assertThat(GATEWAY.get("/v1/limits", key.text()).body())
                        .contains("\"unit\":\"COST_MICROS\",\"currency\":\"EUR\""));
    }

    @Test
    void shortensAnAnswerToWhatIsLeftOfTheBudget() {
        // 130 tokens at most go in with a chat of two letters, 12 can come out.
        price("EUR", new UnitPrices(1_000_000L, null, 2_000_000L, null));
        budget(Window.DAY, 25, Mode.HARD);
        NODE_A.script(Script.answer().tokens(1_000, Duration.ZERO));

        HttpResponse<String> answer = GATEWAY.send(GATEWAY.chat(key, ",\"max_tokens\":50"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Atrium-Max-Tokens")).hasValue("12");
        assertThat(answer.body()).contains("\"completion_tokens\":12");
        assertThat(answer.headers().firstValue("Atrium-Cost")).hasValue("25;currency=\"EUR\"");
    }

    @Test
    void staysAtThePriceThatACallWasOpenedAt() {
        Price former = price("EUR", PER_CALL);
        PolicyId policy = budget(Window.MONTH, 1_000, Mode.HARD);
        NODE_A.script(Script.answer().after(Duration.ofMillis(700)));
        CompletableFuture<HttpResponse<String>> running = GATEWAY.sendAsync(GATEWAY.embedding(key));
        await().until(() -> NODE_A.running() == 1);

        price("EUR", new UnitPrices(500_000_000L, null, null, null));
        HttpResponse<String> answer = running.join();

        assertThat(answer.headers().firstValue("Atrium-Cost")).hasValue("1;currency=\"EUR\"");
        await().until(() -> REGISTRY.quotas().figures(policy).used() == 1);
        assertThat(ledger()).extracting(UsageRecord::priceId).containsExactly(former.id());
    }

    private Price price(String currency, UnitPrices units) {
        Price price = PLATFORM.price(acme, currency, units);
        ModelName words = new ModelName(acme.slug(), "words");
        await().until(() -> {
            Price known =
                    GATEWAY.bean(Feed.class).snapshot().price(acme.id(), words, 1, Instant.now());
            return price.equals(known);
        });
        return price;
    }

    private PolicyId budget(Window window, long amount, Mode mode) {
        int before = GATEWAY.bean(Feed.class).snapshot().policies(acme.id()).all().size();
        PolicyId policy =
                PLATFORM.policy(
                        acme, PolicySubject.TENANT, Unit.COST_MICROS, window, amount, null, mode);
        await().until(() ->
                GATEWAY.bean(Feed.class).snapshot().policies(acme.id()).all().size() > before);
        return policy;
    }

    private List<UsageRecord> ledger() {
        return REGISTRY.ledger().values().stream()
                .filter(usage -> usage.tenantId().equals(acme.id()))
                .toList();
    }

    private HttpResponse<String> embed() {
        return GATEWAY.send(GATEWAY.embedding(key));
    }
}
