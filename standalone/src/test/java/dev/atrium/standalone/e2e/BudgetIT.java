package dev.atrium.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.identity.Me;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.pricing.CreatePriceList;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.standalone.client.ManagementApi;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A price, from the platform's list to the ledger, and a budget that it is charged to. */
class BudgetIT {
    private static final String MODEL = "acme/fashion";
    private static final String KEY = Platform.newAcmeKey();

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void paysForExactlyAsManyCallsAsTheBudgetHolds() throws Exception {
        String keyId = ApiKeyFormat.parse(KEY).orElseThrow().keyId();
        ManagementApi operator = Platform.operator();
        ManagementApi acme = Platform.acme();
        PriceList list =
                operator.post(
                        "/admin/price-lists",
                        new CreatePriceList("Standard", "EUR"),
                        PriceList.class);
        PriceEntry price =
                operator.post(
                        "/admin/price-lists/" + list.id() + "/prices",
                        Map.of("model", MODEL, "prices", Map.of("requests", 5_000_000)),
                        PriceEntry.class);
        operator.put("/admin/price-lists/" + list.id() + "/default", Map.of(), PriceList.class);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> call().headers().firstValue("Atrium-Cost").isPresent());
        Policy budget =
                operator.post(
                        "/admin/tenants/" + tenant(acme) + "/quota-policies",
                        Map.of(
                                "name", "budget",
                                "subject", Map.of("apiKeyId", keyId),
                                "unit", "COST_MICROS",
                                "window", "LIFETIME",
                                "amount", 15),
                        Policy.class);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> limits().contains(budget.id().toString()));

        List<HttpResponse<String>> answers = List.of(call(), call(), call(), call());

        assertThat(answers)
                .extracting(HttpResponse::statusCode)
                .containsExactly(200, 200, 200, 429);
        assertThat(answers.getFirst().headers().firstValue("Atrium-Cost"))
                .hasValue("5;currency=\"EUR\"");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(records(acme, keyId))
                                .filteredOn(usage -> !usage.charges().isEmpty())
                                .hasSize(3)
                                .allSatisfy(usage -> {
                                    assertThat(usage.cost()).isEqualTo(new Cost(5, "EUR"));
                                    assertThat(usage.priceId()).isEqualTo(price.id());
                                    assertThat(usage.charges())
                                            .singleElement()
                                            .matches(charge -> charge.charged() == 5);
                                }));
        assertThat(acme.all("/quota-policies/events", QuotaEvent.class))
                .filteredOn(event -> event.policyId().equals(budget.id()))
                .extracting(QuotaEvent::threshold)
                .containsExactlyInAnyOrder(50, 80, 100);
    }

    private static String tenant(ManagementApi acme) {
        return acme.get("/me", Me.class).tenant().id().toString();
    }

    private static List<UsageRecord> records(ManagementApi acme, String keyId) {
        return acme.all("/usage/records", UsageRecord.class).stream()
                .filter(usage -> usage.principalId().equals(keyId))
                .toList();
    }

    private String limits() throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(Platform.gateway() + "/v1/limits"))
                                .header("Authorization", "Bearer " + KEY)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private HttpResponse<String> call() throws Exception {
        String zeros = "0,".repeat(783) + "0";
        return http.send(
                HttpRequest.newBuilder(
                                URI.create(Platform.gateway() + "/v2/models/" + MODEL + "/infer"))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + KEY)
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"inputs\": [{\"name\": \"image\", \"datatype\":"
                                                + " \"FP32\", \"shape\": [1,1,28,28], \"data\": ["
                                                + zeros
                                                + "]}]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
