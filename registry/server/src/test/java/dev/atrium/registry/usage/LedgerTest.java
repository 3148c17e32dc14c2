package dev.atrium.registry.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestNode;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.pricing.AssignPriceList;
import dev.atrium.registry.api.pricing.CreatePriceList;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.pricing.UnitPrices;
import dev.atrium.registry.api.usage.CallDetails;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.ShipNodeUsage;
import dev.atrium.registry.api.usage.ShipUsage;
import dev.atrium.registry.api.usage.ShipUsageReply;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Gateways and nodes that ship their accounts, and the tables in which these arrive. */
abstract class LedgerTest extends RegistryTest {
    private static final long GIGABYTE = 1L << 30;

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    /** Nodes of other tests would have to ship past this one's calls. */
    @BeforeEach
    void killOtherNodes() {
        platform.sql("UPDATE node SET alive = false, last_seen_at = now() - interval '1 day'")
                .update();
    }

    String gateway() {
        return TestNode.joinGateway(http(), internalHttp(), operatorToken());
    }

    TestNode node() {
        TestNode node = TestNode.join(http(), internalHttp(), operatorToken(), GIGABYTE);
        node.beat();
        return node;
    }

    ShipUsageReply ship(String gateway, List<UsageRecord> settled) {
        return ship(gateway, settled, List.of());
    }

    ShipUsageReply ship(String gateway, List<UsageRecord> settled, List<OpenCall> orphans) {
        Answer answer =
                internalHttp().post("/internal/v1/usage", gateway, new ShipUsage(settled, orphans));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.as(ShipUsageReply.class);
    }

    /** The ids of all pages of the call log, each short, so that there are several. */
    List<String> logged(TestTenant tenant, String filter) {
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    http().get(
                                    "/api/v1/calls?limit=7&cursor=" + cursor + "&" + filter,
                                    tenant.ownerToken())
                            .json();
            page.path("items").forEach(item -> seen.add(item.path("callId").asString()));
            cursor = page.path("nextCursor").asString("");
        } while (!cursor.isEmpty());
        return seen;
    }

    void shipFromNode(TestNode node, NodeUsageRecord... records) {
        Answer answer =
                internalHttp()
                        .post(
                                "/internal/v1/nodes/usage",
                                node.credential(),
                                new ShipNodeUsage(Arrays.asList(records)));
        assertThat(answer.text()).isEqualTo("{\"accepted\":" + records.length + "}");
    }

    /** Of a tenant's only group. */
    UsageSum sum(TestTenant tenant) {
        JsonNode items = http().get("/api/v1/usage", tenant.ownerToken()).json().path("items");
        assertThat(items).hasSize(1);
        return Answer.JSON.treeToValue(items.get(0), UsageSum.class);
    }

    CallDetails details(TestTenant tenant, UUID call) {
        return http().get("/api/v1/calls/" + call, tenant.ownerToken()).as(CallDetails.class);
    }

    String csv(TestTenant tenant) {
        return csv(tenant, "");
    }

    String csv(TestTenant tenant, String question) {
        return http().send(
                        http().request("/api/v1/usage?" + question)
                                .header("Authorization", "Bearer " + tenant.ownerToken())
                                .header("Accept", "text/csv")
                                .GET())
                .text();
    }

    /** What the row's hash is of. */
    String hashed(UUID call) {
        return platform.sql("SELECT usage_row_text(r) FROM usage_record r WHERE call_id = ?")
                .param(call)
                .query(String.class)
                .single();
    }

    /** A new one, by which the tenant pays. */
    PriceList priceList(TestTenant tenant) {
        PriceList list =
                http().post(
                                "/api/v1/admin/price-lists",
                                operatorToken(),
                                new CreatePriceList("l " + UUID.randomUUID(), "EUR"))
                        .as(PriceList.class);
        http().put(
                        "/api/v1/admin/tenants/" + tenant.id() + "/price-list",
                        operatorToken(),
                        new AssignPriceList(list.id()));
        return list;
    }

    static String prices(PriceList list) {
        return "/api/v1/admin/price-lists/" + list.id() + "/prices";
    }

    /** Of everything. */
    PriceId price(PriceList list, UnitPrices units) {
        Answer made = http().post(prices(list), operatorToken(), Map.of("prices", units));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.as(PriceEntry.class).prices()).isEqualTo(units);
        return made.as(PriceEntry.class).id();
    }

    /** A cell of the only line, of no words. */
    String focus(TestTenant tenant, String column) {
        String[] lines =
                http().get("/api/v1/usage/export?format=focus-1.0", tenant.ownerToken())
                        .text()
                        .split("\r\n");
        List<String> names = List.of(lines[0].split(","));
        // Cells of words have commas.
        String[] cells = lines[1].replaceAll("\"([^\"]|\"\")*\"", "").split(",");
        return cells[names.indexOf(column)];
    }
}
