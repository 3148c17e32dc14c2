package dev.atrium.registry.usage;

import static dev.atrium.registry.usage.TestCalls.account;
import static dev.atrium.registry.usage.TestCalls.open;
import static dev.atrium.registry.usage.TestCalls.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.pricing.FreeUnits;
import dev.atrium.registry.api.pricing.FreeUse;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.pricing.UnitPrices;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.ShipUsageReply;
import dev.atrium.registry.api.usage.UsageBucket;
import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The first units of a month, which cost nothing, each exactly once. */
class FreeTierIT extends LedgerTest {
    /** A millionth per output token. */
    private static final long MICRO = 1_000_000;

    private TestTenant acme;
    private PriceList list;
    private String prices;

    @BeforeEach
    void makeList() {
        acme = tenant("free");
        list = priceList(acme);
        prices = prices(list);
    }

    @Test
    void theFirstUnitsOfAMonthCostNothingAndTheRestWhatItDid() {
        PriceId price = outputTokens(10);
        String gateway = gateway();
        UsageRecord first = call(acme, price, 4);
        UsageRecord second = call(acme, price, 8);
        UsageRecord third = call(acme, price, 3);

        ship(gateway, List.of(first));
        FreeUse early = freeUse(acme).getFirst();
        ship(gateway, List.of(second));
        ship(gateway, List.of(third));

        assertThat(early.used()).isEqualTo(new FreeUnits(0L, 0L, 4L, 0L, 0L, 0L));
        assertThat(cost(first)).isEqualTo(new Cost(0, "EUR", 4L));
        assertThat(cost(second)).isEqualTo(new Cost(2, "EUR", 6L));
        assertThat(cost(third)).isEqualTo(new Cost(3, "EUR"));
        assertThat(sums()).containsExactly(new Cost(5, "EUR", 10L));
        assertThat(hours()).containsExactly(new Cost(5, "EUR", 10L));
        FreeUse use = freeUse(acme).getFirst();
        assertThat(use.priceId()).isEqualTo(price);
        assertThat(use.free().outputTokens()).isEqualTo(10);
        assertThat(use.used().outputTokens()).isEqualTo(10);
        assertThat(hashed(second.callId())).contains("\"free_micros\": 6");
        assertThat(hashed(third.callId())).as("like rows of before").doesNotContain("free");
        assertThat(focus()).containsExactly("0.000005", "0.000015");
    }

    @Test
    void eachUnitIsFreeByItself() {
        PriceId price =
                set(
                        new UnitPrices(
                                5 * MICRO,
                                2 * MICRO,
                                MICRO,
                                7 * MICRO,
                                new FreeUnits(1L, 3L, null, 1L)));
        UsageRecord first = call(acme, price, 10);
        UsageRecord second = call(acme, price, 10);

        ship(gateway(), List.of(first));
        ship(gateway(), List.of(second));

        // 5 for the request, 2 x 4 input tokens, 10 output tokens, 7 for a millisecond.
        assertThat(cost(first)).isEqualTo(new Cost(2 + 10, "EUR", 5L + 6 + 7));
        assertThat(cost(second)).isEqualTo(new Cost(5 + 8 + 10 + 7, "EUR"));
    }

    @Test
    void isExactWhateverComesAtOnceAndHoweverOften() throws Exception {
        PriceId price = outputTokens(1_000);
        List<List<UsageRecord>> batches =
                IntStream.range(0, 24)
                        .mapToObj(batch ->
                                IntStream.range(0, 50).mapToObj(i -> call(acme, price, 3)).toList())
                        .toList();
        List<String> gateways = List.of(gateway(), gateway(), gateway());

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ShipUsageReply>> replies = new ArrayList<>();
            for (int i = 0; i < 2 * batches.size(); i++) {
                List<UsageRecord> batch = batches.get(i / 2);
                String gateway = gateways.get(i % gateways.size());
                replies.add(threads.submit(() -> ship(gateway, batch)));
            }
            long posted = 0;
            for (Future<ShipUsageReply> reply : replies) {
                posted += reply.get().inserted();
            }
            assertThat(posted).isEqualTo(24 * 50);
        }

        assertThat(sums()).containsExactly(new Cost(24 * 50 * 3 - 1_000, "EUR", 1_000L));
        assertThat(freeUse(acme).getFirst().used().outputTokens()).isEqualTo(1_000);
    }

    @Test
    void everyTenantAndEveryMonthOfItsTimeZoneHasItsOwn() {
        ZoneId kiritimati = ZoneId.of("Pacific/Kiritimati");
        platform.sql("UPDATE tenant SET time_zone = ? WHERE id = ?")
                .params(kiritimati.getId(), acme.id().value())
                .update();
        TestTenant globex = tenant("free");
        PriceId price = outputTokens(5);
        Instant begin =
                YearMonth.now(kiritimati)
                        .minusMonths(1)
                        .atDay(1)
                        .atStartOfDay(kiritimati)
                        .toInstant();
        UsageRecord before = call(acme, price, 5, begin.minusSeconds(3_600));
        UsageRecord after = call(acme, price, 5, begin.plusSeconds(3_600));
        UsageRecord again = call(acme, price, 5, begin.plusSeconds(7_200));
        UsageRecord others = call(globex, price, 5, begin.plusSeconds(3_600));

        for (UsageRecord call : List.of(before, after, again, others)) {
            ship(gateway(), List.of(call));
        }

        assertThat(cost(before)).isEqualTo(new Cost(0, "EUR", 5L));
        assertThat(cost(after)).isEqualTo(new Cost(0, "EUR", 5L));
        assertThat(cost(again)).isEqualTo(new Cost(5, "EUR"));
        assertThat(cost(globex, others)).isEqualTo(new Cost(0, "EUR", 5L));
        assertThat(freeUse(acme)).as("in this month").isEmpty();
    }

    @Test
    void aBudgetIsChargedWhatTheCallCostsInTheEnd() {
        PriceId price = outputTokens(10);
        Policy budget =
                http().post(
                                "/api/v1/quota-policies",
                                acme.ownerToken(),
                                Map.of(
                                        "name", "b",
                                        "unit", Unit.COST_MICROS,
                                        "window", "MONTH",
                                        "mode", "SOFT",
                                        "amount", 100))
                        .as(Policy.class);
        Charge charge =
                new Charge(budget.id(), Instant.now(), Unit.COST_MICROS, null, 12, 12, false);
        OpenCall call = open(acme.id(), Instant.now(), List.of(charge), price);

        ship(gateway(), List.of(settled(call, null, 1, 12)));

        assertThat(
                        platform.sql("SELECT used FROM quota_window WHERE policy_id = ?")
                                .param(budget.id().value())
                                .query(Long.class)
                                .single())
                .isEqualTo(2);
        assertThat(details(acme, call.callId()).settled().charges())
                .extracting(Charge::charged)
                .containsExactly(2L);
    }

    @Test
    void aCallOfAKilledGatewayHasItsFreeUnitsToo() {
        OpenCall call = open(acme.id(), Instant.now(), List.of(), outputTokens(10));
        ship(gateway(), List.of(), List.of(call));
        shipFromNode(node(), account(call, 1, Instant.now(), Outcome.OK, 3, 14));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> details(acme, call.callId()).settled() != null);

        assertThat(details(acme, call.callId()).settled().cost())
                .isEqualTo(new Cost(4, "EUR", 10L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prices\":{\"requests\":1,\"free\":{\"outputTokens\":5}}}",
                "{\"prices\":{\"requests\":1,\"free\":{\"requests\":0}}}",
                "{\"prices\":{\"requests\":1,\"free\":{\"requests\":-1}}}",
                "{\"prices\":{\"requests\":1,\"free\":{\"requests\":9223372036854775807}}}"
            })
    void refusesWhatCannotBeFree(String wish) {
        Answer answer = http().post(prices, operatorToken(), Answer.JSON.readTree(wish));

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.text()).contains("prices.free.");
    }

    private PriceId outputTokens(long free) {
        return set(new UnitPrices(null, null, MICRO, null, new FreeUnits(null, null, free, null)));
    }

    private PriceId set(UnitPrices units) {
        return price(list, units);
    }

    private static UsageRecord call(TestTenant tenant, PriceId price, long output) {
        return call(tenant, price, output, Instant.now());
    }

    private static UsageRecord call(TestTenant tenant, PriceId price, long output, Instant at) {
        return settled(open(tenant.id(), at, List.of(), price), null, 4, output);
    }

    private @Nullable Cost cost(UsageRecord call) {
        return cost(acme, call);
    }

    private @Nullable Cost cost(TestTenant tenant, UsageRecord call) {
        return details(tenant, call.callId()).settled().cost();
    }

    private List<FreeUse> freeUse(TestTenant tenant) {
        return List.of(
                http().get("/api/v1/prices/free-use", tenant.ownerToken()).as(FreeUse[].class));
    }

    private List<Cost> sums() {
        JsonNode costs = http().get("/api/v1/usage", acme.ownerToken()).json().at("/items/0/costs");
        return List.of(Answer.JSON.treeToValue(costs, Cost[].class));
    }

    private List<Cost> hours() {
        return List.of(
                        http().get("/api/v1/usage/hourly", acme.ownerToken())
                                .as(UsageBucket[].class))
                .getLast()
                .costs();
    }

    private List<String> focus() {
        return List.of(focus(acme, "BilledCost"), focus(acme, "ListCost"));
    }
}
