package dev.atrium.registry.pricing;

import static dev.atrium.registry.usage.TestCalls.open;
import static dev.atrium.registry.usage.TestCalls.settled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.pricing.AssignPriceList;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.pricing.CreatePriceList;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.pricing.PriceListId;
import dev.atrium.registry.api.pricing.UnitPrices;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.UsageBucket;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.machine.MachineCredentials;
import dev.atrium.registry.quota.TestGateway;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/**
 * Price lists and what calls cost by them. Calls are of {@code acme/iris:1}, which everybody's list
 * has no price for.
 */
class PricingIT extends RegistryTest {
    private static final String LISTS = "/api/v1/admin/price-lists";

    @Autowired private MachineCredentials credentials;

    private String admin = "";
    private TestTenant acme;

    @BeforeEach
    void signIn() {
        admin = operatorToken();
        acme = tenant("price");
    }

    @Test
    void setsPricesOnceAndNeverForThePast() {
        PriceList list = list("EUR");
        Instant later = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MICROS);

        PriceEntry now = set(list, "acme/iris", 1, null, requests(5));
        PriceEntry future = set(list, "acme/iris", 1, later, requests(7));

        assertThat(future.effectiveFrom()).isEqualTo(later);
        assertThat(prices(list)).extracting(PriceEntry::id).containsExactly(future.id(), now.id());
        assertThat(code(409, trySet(list, "acme/iris", 1, later, requests(8))))
                .isEqualTo("conflict");
        Instant past = Instant.now().minusSeconds(1);
        assertThat(code(400, trySet(list, null, null, past, requests(8))))
                .isEqualTo("invalid_request");
        assertThat(code(400, trySet(list, null, 1, null, requests(8))))
                .isEqualTo("invalid_request");
        assertThat(code(400, trySet(list, null, null, null, requests(-1))))
                .isEqualTo("invalid_request");
        UnitPrices none = new UnitPrices(null, null, null, null);
        assertThat(code(400, trySet(list, null, null, null, none))).isEqualTo("invalid_request");
        assertThat(withdraw(list, now).status()).isEqualTo(409);
        assertThat(withdraw(list, future).status()).isEqualTo(204);
        assertThat(withdraw(list, future).status()).isEqualTo(404);
        assertThat(set(list, "acme/iris", 1, later, requests(9)).prices().requests()).isEqualTo(9);
    }

    @Test
    void letsNobodyButThePlatformSetPrices() {
        PriceList list = list("EUR");
        String owner = acme.ownerToken();

        assertThat(http().get(LISTS, owner).status()).isEqualTo(403);
        assertThat(http().post(LISTS, owner, new CreatePriceList("x", "EUR")).status())
                .isEqualTo(403);
        assertThat(http().put(assignment(acme), owner, new AssignPriceList(list.id())).status())
                .isEqualTo(403);
        assertThat(code(400, http().post(LISTS, admin, new CreatePriceList("x", "EURO"))))
                .isEqualTo("invalid_request");
        assertThat(code(409, http().post(LISTS, admin, new CreatePriceList(list.name(), "EUR"))))
                .isEqualTo("name_taken");
        assertThat(http().get(LISTS + "/" + UUID.randomUUID(), admin).status()).isEqualTo(404);
        AssignPriceList unknown = new AssignPriceList(new PriceListId(UUID.randomUUID()));
        assertThat(http().put(assignment(acme), admin, unknown).status()).isEqualTo(404);
    }

    @Test
    void showsATenantWhatItPaysAndNobodyElsesPrices() {
        TestTenant globex = tenant("price");
        PriceList own = list("EUR");
        PriceList general = list("EUR");
        PriceList dollars = list("USD");
        set(own, "acme/iris", null, null, requests(3));
        PriceEntry changed = set(own, "acme/iris", null, null, requests(4));
        PriceEntry everybodys = set(general, "other/model", null, null, requests(1));
        PriceEntry inDollars = set(dollars, "acme/iris", null, null, requests(6));
        http().put(LISTS + "/" + general.id() + "/default", admin, "{}");
        assign(acme, own.id());
        assign(globex, dollars.id());

        assertThat(pricesOf(acme)).containsExactlyInAnyOrder(changed, everybodys);
        assertThat(pricesOf(globex)).containsExactly(inDollars);
        assertThat(lists())
                .filteredOn(PriceList::defaultList)
                .extracting(PriceList::id)
                .containsExactly(general.id());
        assertThat(http().get(LISTS + "/" + own.id(), admin).as(PriceList.class).tenants())
                .isEqualTo(1);
        assign(acme, null);
        assertThat(pricesOf(acme)).contains(everybodys).doesNotContain(changed);
    }

    @Test
    void postsWhatACallCostsByThePriceThatItsGatewayFixed() {
        PriceList list = list("EUR");
        PriceEntry former = set(list, null, null, null, new UnitPrices(10L, 2_000_000L, 500L, 0L));
        assign(acme, list.id());
        set(list, null, null, null, requests(7_000_000));
        TestGateway gateway = gateway();

        // 10 + 3 x 2,000,000 + 5 x 500 of a million, rounded up once.
        gateway.ship(call(acme.id(), former.id(), 3, 5));
        List<UsageRecord> records = records(acme);

        assertThat(records).extracting(UsageRecord::priceId).containsExactly(former.id());
        assertThat(records).extracting(UsageRecord::cost).containsExactly(new Cost(7, "EUR"));
        gateway.ship(call(acme.id(), null, 3, 5), call(acme.id(), unknown(), 3, 5));
        assertThat(records(acme))
                .extracting(UsageRecord::cost)
                .containsExactlyInAnyOrder(
                        new Cost(7, "EUR"), new Cost(7, "EUR"), new Cost(7, "EUR"));
        assertThat(hourly(acme))
                .flatExtracting(UsageBucket::costs)
                .containsExactly(new Cost(21, "EUR"));
    }

    @Test
    void leavesTheCostOutWhereThereIsNoPriceAndSaysZeroWhereItIsFree() {
        TestTenant globex = tenant("price");
        PriceList list = list("EUR");
        assign(globex, list.id());
        Instant before = Instant.now();
        set(list, "acme/iris", null, null, requests(0));
        TestGateway gateway = gateway();

        gateway.ship(
                call(acme.id(), null, 3, 5),
                call(globex.id(), null, 3, 5),
                settled(open(globex.id(), before, List.of()), null, 1, 1));

        assertThat(records(acme)).extracting(UsageRecord::cost).containsOnlyNulls();
        assertThat(hourly(acme)).flatExtracting(UsageBucket::costs).isEmpty();
        assertThat(records(globex))
                .extracting(UsageRecord::cost)
                .containsExactlyInAnyOrder(new Cost(0, "EUR"), null);
        assertThat(hourly(globex)).extracting(UsageBucket::calls).containsExactly(2L);
    }

    @Test
    void takesThePriceThatSaysMostCloselyWhatItIsFor() {
        PriceList list = list("EUR");
        PriceList general = list("EUR");
        assign(acme, list.id());
        TestGateway gateway = gateway();

        set(general, "acme/iris", 1, null, requests(4_000_000));
        http().put(LISTS + "/" + general.id() + "/default", admin, "{}");
        gateway.ship(call(acme.id(), null, 0, 0));
        set(list, null, null, null, requests(1_000_000));
        gateway.ship(call(acme.id(), null, 0, 0));
        set(list, "acme/iris", 1, null, requests(3_000_000));
        set(list, "acme/iris", null, null, requests(2_000_000));
        set(list, "acme/iris", 2, null, requests(9_000_000));
        gateway.ship(call(acme.id(), null, 0, 0));
        PriceList empty = list("EUR");
        http().put(LISTS + "/" + empty.id() + "/default", admin, "{}");

        assertThat(records(acme))
                .extracting(UsageRecord::cost)
                .containsExactlyInAnyOrder(
                        new Cost(4, "EUR"), new Cost(1, "EUR"), new Cost(3, "EUR"));
    }

    @Test
    void tellsGatewaysThePricesThatAreInEffectOrWillBe() {
        PriceList list = list("CHF");
        set(list, null, null, null, requests(1));
        PriceEntry present = set(list, null, null, null, requests(2));
        PriceEntry future = set(list, null, null, Instant.now().plusSeconds(3_600), requests(3));
        assign(acme, list.id());

        JsonNode told = told("PRICE_LIST", list.id().toString());
        JsonNode assigned = told("PRICE_ASSIGNMENT", acme.id().toString());

        assertThat(told.path("currency").asString()).isEqualTo("CHF");
        assertThat(told.path("prices").valueStream().map(it -> it.path("id").asString()).toList())
                .containsExactly(present.id().toString(), future.id().toString());
        assertThat(assigned.path("listId").asString()).isEqualTo(list.id().toString());
        assign(acme, null);
        // Who reads from the beginning is told nothing, on a later page that it is gone.
        assertThat(told("PRICE_ASSIGNMENT", acme.id().toString()).isObject()).isFalse();
    }

    private JsonNode told(String kind, String id) {
        TestGateway gateway = gateway();
        long after = 0;
        String epoch = "";
        while (true) {
            JsonNode page =
                    internalHttp()
                            .get("/internal/v1/feed?after=" + after + epoch, gateway.credential())
                            .json();
            for (JsonNode entry : page.path("entries")) {
                if (entry.path("kind").asString().equals(kind)
                        && entry.path("id").asString().equals(id)) {
                    return entry.path("body");
                }
            }
            if (!page.path("more").asBoolean()) {
                return page.path("nothing");
            }
            after = page.path("revision").asLong();
            epoch = "&epoch=" + page.path("epoch").asString();
        }
    }

    private TestGateway gateway() {
        return TestGateway.join(internalHttp(), credentials);
    }

    private static PriceId unknown() {
        return new PriceId(UUID.randomUUID());
    }

    private static UsageRecord call(
            TenantId tenant, @Nullable PriceId price, long input, long output) {
        OpenCall call = open(tenant, Instant.now(), List.of(), price);
        return settled(call, null, input, output);
    }

    private static UnitPrices requests(long amount) {
        return new UnitPrices(amount, null, null, null);
    }

    private PriceList list(String currency) {
        Answer made =
                http().post(
                                LISTS,
                                admin,
                                new CreatePriceList("list " + UUID.randomUUID(), currency));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.as(PriceList.class);
    }

    private PriceEntry set(
            PriceList list,
            @Nullable String model,
            @Nullable Integer version,
            @Nullable Instant from,
            UnitPrices prices) {
        Answer made = trySet(list, model, version, from, prices);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.as(PriceEntry.class);
    }

    private Answer trySet(
            PriceList list,
            @Nullable String model,
            @Nullable Integer version,
            @Nullable Instant from,
            UnitPrices prices) {
        Map<String, @Nullable Object> wish = new HashMap<>();
        wish.put("model", model);
        wish.put("version", version);
        wish.put("effectiveFrom", from);
        wish.put("prices", prices);
        return http().post(LISTS + "/" + list.id() + "/prices", admin, wish);
    }

    private Answer withdraw(PriceList list, PriceEntry entry) {
        return http().delete(LISTS + "/" + list.id() + "/prices/" + entry.id(), admin);
    }

    private static String assignment(TestTenant tenant) {
        return "/api/v1/admin/tenants/" + tenant.id() + "/price-list";
    }

    private void assign(TestTenant tenant, @Nullable PriceListId list) {
        Answer done = http().put(assignment(tenant), admin, new AssignPriceList(list));
        assertThat(done.status()).as(done.text()).isEqualTo(204);
        assertThat(http().get(assignment(tenant), admin).as(AssignPriceList.class).listId())
                .isEqualTo(list);
    }

    private static String code(int status, Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        return answer.code();
    }

    private List<PriceList> lists() {
        JsonNode items = http().get(LISTS + "?limit=200", admin).json().path("items");
        return Arrays.asList(Answer.JSON.treeToValue(items, PriceList[].class));
    }

    private List<PriceEntry> prices(PriceList list) {
        return entries(LISTS + "/" + list.id() + "/prices", admin);
    }

    private List<PriceEntry> pricesOf(TestTenant tenant) {
        return entries("/api/v1/prices", tenant.ownerToken());
    }

    private List<PriceEntry> entries(String path, String token) {
        JsonNode items = http().get(path, token).json().path("items");
        return Arrays.asList(Answer.JSON.treeToValue(items, PriceEntry[].class));
    }

    private List<UsageRecord> records(TestTenant tenant) {
        JsonNode items =
                http().get("/api/v1/usage/records", tenant.ownerToken()).json().path("items");
        return Arrays.asList(Answer.JSON.treeToValue(items, UsageRecord[].class));
    }

    private List<UsageBucket> hourly(TestTenant tenant) {
        return Arrays.asList(
                http().get("/api/v1/usage/hourly", tenant.ownerToken()).as(UsageBucket[].class));
    }
}
