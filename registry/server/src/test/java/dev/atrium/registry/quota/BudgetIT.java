package dev.atrium.registry.quota;

import static dev.atrium.registry.usage.TestCalls.account;
import static dev.atrium.registry.usage.TestCalls.open;
import static dev.atrium.registry.usage.TestCalls.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestMail;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.api.pricing.AssignPriceList;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.pricing.CreatePriceList;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.ShipNodeUsage;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.webhook.SetWebhook;
import dev.atrium.registry.webhook.WebhookReceiver;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Quotas of money: their currency, what they are charged, and what people are told of them. */
class BudgetIT extends QuotaTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private TestTenant acme;
    private PriceEntry price;

    @BeforeEach
    void sellForEuros() {
        acme = tenant("budget");
        String admin = operatorToken();
        String lists = "/api/v1/admin/price-lists";
        PriceList list =
                http().post(lists, admin, new CreatePriceList("b " + UUID.randomUUID(), "EUR"))
                        .as(PriceList.class);
        http().put(
                        "/api/v1/admin/tenants/" + acme.id() + "/price-list",
                        admin,
                        new AssignPriceList(list.id()));
        // A millionth per output token.
        price =
                http().post(
                                lists + "/" + list.id() + "/prices",
                                admin,
                                Map.of("prices", Map.of("outputTokens", 1_000_000)))
                        .as(PriceEntry.class);
    }

    @Test
    void isInTheCurrencyOfTheTenantsPricesAndHasNoRate() {
        PolicyId made = policy(acme, Unit.COST_MICROS, Window.MONTH, 100);
        Answer rate =
                http().post(
                                "/api/v1/quota-policies",
                                acme.ownerToken(),
                                Map.of(
                                        "name",
                                        "p",
                                        "unit",
                                        Unit.COST_MICROS,
                                        "window",
                                        Window.MINUTE,
                                        "amount",
                                        1));

        assertThat(
                        http().get("/api/v1/quota-policies/" + made, acme.ownerToken())
                                .as(Policy.class)
                                .currency())
                .isEqualTo("EUR");
        assertThat(rate.status()).isEqualTo(400);
    }

    @Test
    void tellsPeopleAtHalfAtEightyPercentAndAtAllOfItOnceEach() {
        PolicyId policy =
                policy(
                        acme,
                        Unit.COST_MICROS,
                        Window.MONTH,
                        100,
                        Map.of("mode", "SOFT", "warnPercent", 80));
        TestGateway gateway = gateway();

        gateway.ship(paid(policy, 49));
        List<Integer> before = thresholds();
        gateway.ship(paid(policy, 1));
        List<Integer> half = thresholds();
        gateway.ship(paid(policy, 10), paid(policy, 20));
        List<Integer> most = thresholds();
        gateway.ship(paid(policy, 20), paid(policy, 20));

        assertThat(before).isEmpty();
        assertThat(half).containsExactly(50);
        assertThat(most).containsExactly(80, 50);
        assertThat(thresholds()).containsExactly(100, 80, 50);
    }

    @Test
    void tellsItsOwnersByWebhookAndByMail() throws Exception {
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            http().put("/api/v1/webhook", acme.ownerToken(), new SetWebhook(receiver.url()));
            PolicyId policy = policy(acme, Unit.COST_MICROS, Window.MONTH, 100);
            TestGateway gateway = gateway();

            gateway.ship(paid(policy, 50));
            gateway.ship(paid(policy, 30));
            gateway.ship(paid(policy, 20));

            await().atMost(PATIENCE).until(() -> receiver.received().size() == 3);
            await().atMost(PATIENCE).until(() -> TestMail.to(acme.ownerEmail()).size() == 3);
            assertThat(receiver.received())
                    .extracting(told ->
                            Answer.JSON
                                    .readTree(told.body())
                                    .path("data")
                                    .path("threshold")
                                    .asInt())
                    .containsExactlyInAnyOrder(50, 80, 100);
            assertThat(receiver.received())
                    .extracting(told ->
                            Answer.JSON.readTree(told.body()).path("data").path("used").asInt())
                    .containsExactlyInAnyOrder(50, 80, 100);
            assertThat(TestMail.to(acme.ownerEmail()))
                    .extracting(MimeMessage::getSubject)
                    .containsExactlyInAnyOrder(
                            "Atrium: " + acme.slug() + " has used 50 % of 'p'",
                            "Atrium: " + acme.slug() + " has used 80 % of 'p'",
                            "Atrium: " + acme.slug() + " has used 100 % of 'p'");
            assertThat(TestMail.to(acme.ownerEmail()))
                    .extracting(letter -> letter.getContent().toString())
                    .anyMatch(text -> text.contains("Used: 0.00005 EUR of 0.0001 EUR"))
                    .anyMatch(text -> text.contains("Used: 0.00008 EUR of 0.0001 EUR"))
                    .anyMatch(text -> text.contains("Used: 0.0001 EUR of 0.0001 EUR"));
        }
    }

    @Test
    void chargesAnOrphanWhatItsNodeSaysByThePriceThatWasFixed() {
        PolicyId policy = policy(acme, Unit.COST_MICROS, Window.MONTH, 100);
        TestGateway gateway = gateway();
        LeaseState held = gateway.ask(policy, 1, 60);
        Charge reserved =
                new Charge(
                        policy, held.windowStart(), Unit.COST_MICROS, held.leaseId(), 25, 0, false);
        OpenCall orphan = open(acme.id(), Instant.now(), List.of(reserved), price.id());
        gateway.ship(List.of(), List.of(orphan));

        internalHttp()
                .post(
                        "/internal/v1/nodes/usage",
                        credentials.issue(MemberRole.NODE, UUID.randomUUID()),
                        new ShipNodeUsage(
                                List.of(account(orphan, 1, Instant.now(), Outcome.OK, 5, 17))));

        await().until(() -> figures(policy).used() == 17);
        assertThat(figures(policy)).isEqualTo(new Figures(17, 35, 0, 0));
        assertThat(records()).extracting(UsageRecord::cost).containsExactly(new Cost(17, "EUR"));
        assertSumsAgree(policy);
    }

    @Test
    void chargesALeaseWhatACallCostsBesideItsFreeUnits() {
        PriceEntry partlyFree =
                http().post(
                                "/api/v1/admin/price-lists/" + price.listId() + "/prices",
                                operatorToken(),
                                Map.of(
                                        "prices",
                                        Map.of(
                                                "outputTokens",
                                                1_000_000,
                                                "free",
                                                Map.of("outputTokens", 10))))
                        .as(PriceEntry.class);
        PolicyId policy = policy(acme, Unit.COST_MICROS, Window.MONTH, 100);
        TestGateway gateway = gateway();
        LeaseState held = gateway.ask(policy, 1, 60);
        Charge whole =
                new Charge(
                        policy,
                        held.windowStart(),
                        Unit.COST_MICROS,
                        held.leaseId(),
                        25,
                        12,
                        false);

        gateway.ship(
                settled(
                        open(acme.id(), Instant.now(), List.of(whole), partlyFree.id()),
                        null,
                        1,
                        12));

        assertThat(figures(policy)).isEqualTo(new Figures(2, 35, 0, 0));
        assertSumsAgree(policy);
    }

    private UsageRecord paid(PolicyId policy, long micros) {
        Charge charge =
                new Charge(policy, Instant.now(), Unit.COST_MICROS, null, micros, micros, false);
        return settled(
                open(acme.id(), Instant.now(), List.of(charge), price.id()), null, 1, micros);
    }

    private List<UsageRecord> records() {
        JsonNode items =
                http().get("/api/v1/usage/records", acme.ownerToken()).json().path("items");
        return Arrays.asList(Answer.JSON.treeToValue(items, UsageRecord[].class));
    }

    private List<Integer> thresholds() {
        JsonNode items =
                http().get("/api/v1/quota-policies/events", acme.ownerToken()).json().path("items");
        return Arrays.stream(Answer.JSON.treeToValue(items, QuotaEvent[].class))
                .map(QuotaEvent::threshold)
                .toList();
    }
}
