package dev.atrium.registry.usage;

import static dev.atrium.registry.usage.TestCalls.account;
import static dev.atrium.registry.usage.TestCalls.callId;
import static dev.atrium.registry.usage.TestCalls.labelled;
import static dev.atrium.registry.usage.TestCalls.open;
import static dev.atrium.registry.usage.TestCalls.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.api.usage.CallDetails;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.ShipNodeUsage;
import dev.atrium.registry.api.usage.ShipUsage;
import dev.atrium.registry.api.usage.ShipUsageReply;
import dev.atrium.registry.api.usage.UsageBucket;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.machine.MachineCredentials;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Cost centres of calls, from what gateways ship to the reports. */
class LabelIT extends RegistryTest {
    private static final int MOST = 1_000;

    @Autowired MachineCredentials credentials;

    @Test
    void splitsAndFiltersSumsAndCallsByLabel() {
        TestTenant acme = tenant("acme");
        ship(calls(acme, "marketing/eu", "-ops", "marketing/eu", null, null, null));

        Map<String, Long> sums = sums(acme, "groupBy=label");
        Map<String, Long> some = sums(acme, "groupBy=label&label=marketing/eu&label=nobody");
        Map<String, Long> total = sums(acme, "groupBy=model");
        UsageBucket[] hours =
                http().get("/api/v1/usage/hourly?groupBy=LABEL", acme.ownerToken())
                        .as(UsageBucket[].class);

        assertThat(sums).containsExactly(entry("", 3), entry("-ops", 1), entry("marketing/eu", 2));
        assertThat(some).containsExactly(entry("marketing/eu", 2));
        assertThat(total).containsExactly(entry("", 6));
        assertThat(hours)
                .extracting(UsageBucket::group)
                .contains("marketing/eu", "-ops", null)
                .doesNotContain("");
        JsonNode calls =
                http().get("/api/v1/calls?label=marketing/eu", acme.ownerToken())
                        .json()
                        .path("items");
        assertThat(
                        calls.values().stream()
                                .map(call -> call.path("settled").path("label").asString()))
                .containsExactly("marketing/eu", "marketing/eu");
        assertThat(csv(acme))
                .startsWith("label,calls,")
                // No formula for a spreadsheet.
                .contains("\r\n'-ops,1,", "\r\n,3,", "\r\nmarketing/eu,2,");
    }

    @Test
    void sumsUpAsOtherWhatComesAfterTheFirstThousandLabelsOfADay() throws Exception {
        TestTenant acme = tenant("acme");
        TestTenant globex = tenant("globex");
        List<List<UsageRecord>> batches =
                IntStream.range(0, 4)
                        .mapToObj(batch ->
                                calls(
                                        acme,
                                        IntStream.range(0, 300)
                                                .mapToObj(i -> "job-" + (batch * 290 + i))
                                                .toArray(String[]::new)))
                        .toList();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ShipUsageReply>> replies = new ArrayList<>();
            batches.forEach(batch -> replies.add(threads.submit(() -> ship(batch))));
            for (Future<ShipUsageReply> reply : replies) {
                assertThat(reply.get()).isEqualTo(new ShipUsageReply(300, 0, 0));
            }
        }
        ship(calls(acme, "one-more"));
        ship(calls(globex, "one-more"));

        Map<String, Long> sums = sums(acme, "groupBy=label");
        assertThat(sums).hasSize(MOST + 1).doesNotContainKey("one-more");
        assertThat(sums.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(1_201);
        assertThat(sums.get("other")).isPositive();
        assertThat(ship(batches.getFirst())).isEqualTo(new ShipUsageReply(0, 300, 0));
        assertThat(sums(acme, "groupBy=label")).isEqualTo(sums);
        // The ledger has them all, and the bound is a tenant's own.
        assertThat(
                        http().get("/api/v1/calls?label=one-more", acme.ownerToken())
                                .json()
                                .path("items"))
                .hasSize(1);
        assertThat(sums(globex, "groupBy=label")).containsExactly(entry("one-more", 1));
    }

    @Test
    void quarantinesWhatIsNoLabelAndPostsTheRest() {
        TestTenant acme = tenant("acme");

        ShipUsageReply reply =
                ship(calls(acme, "good", "", "two words", "a\u0000b", "x".repeat(65), "\u00e9"));

        assertThat(reply).isEqualTo(new ShipUsageReply(1, 0, 5));
        assertThat(sums(acme, "groupBy=label")).containsExactly(entry("good", 1));
    }

    @Test
    void aCallOfAKilledGatewayKeepsItsLabel() {
        TestTenant acme = tenant("acme");
        OpenCall call = labelled(open(acme.id(), Instant.now()), "night-run");
        UUID node = UUID.randomUUID();
        assertThat(ship(List.of(), List.of(call)).quarantined()).isZero();
        String path = "/api/v1/calls/" + call.callId();
        assertThat(http().get(path, acme.ownerToken()).as(CallDetails.class).opened().label())
                .isEqualTo("night-run");

        Answer answer =
                internalHttp()
                        .post(
                                "/internal/v1/nodes/usage",
                                credentials.issue(MemberRole.NODE, node),
                                new ShipNodeUsage(
                                        List.of(
                                                account(
                                                        call,
                                                        1,
                                                        Instant.now(),
                                                        Outcome.OK,
                                                        3,
                                                        4))));

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(
                                        http().get(path, acme.ownerToken())
                                                .as(CallDetails.class)
                                                .settled())
                                .isNotNull()
                                .extracting(UsageRecord::label)
                                .isEqualTo("night-run"));
        assertThat(sums(acme, "groupBy=label")).containsExactly(entry("night-run", 1));
    }

    private static Map.Entry<String, Long> entry(String label, long calls) {
        return Map.entry(label, calls);
    }

    /** Of the last minute, a call for each. */
    private static List<UsageRecord> calls(TestTenant tenant, String... labels) {
        Instant at = Instant.now();
        return Arrays.stream(labels)
                .map(label -> labelled(record(tenant.id(), callId(at), at), label))
                .toList();
    }

    private ShipUsageReply ship(List<UsageRecord> records) {
        return ship(records, List.of());
    }

    private ShipUsageReply ship(List<UsageRecord> records, List<OpenCall> orphans) {
        String gateway = credentials.issue(MemberRole.GATEWAY, UUID.randomUUID());
        Answer answer =
                internalHttp().post("/internal/v1/usage", gateway, new ShipUsage(records, orphans));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.as(ShipUsageReply.class);
    }

    /** Calls by label. */
    private Map<String, Long> sums(TestTenant tenant, String question) {
        Map<String, Long> calls = new LinkedHashMap<>();
        String cursor = "";
        do {
            Answer answer =
                    http().get(
                                    "/api/v1/usage?limit=200&cursor=" + cursor + "&" + question,
                                    tenant.ownerToken());
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            answer.json()
                    .path("items")
                    .forEach(item ->
                            calls.put(
                                    item.path("label").asString(""), item.path("calls").asLong()));
            cursor = answer.json().path("nextCursor").asString("");
        } while (!cursor.isEmpty());
        return calls;
    }

    private String csv(TestTenant tenant) {
        return http().send(
                        http().request("/api/v1/usage?groupBy=label")
                                .header("Authorization", "Bearer " + tenant.ownerToken())
                                .header("Accept", "text/csv")
                                .GET())
                .text();
    }
}
