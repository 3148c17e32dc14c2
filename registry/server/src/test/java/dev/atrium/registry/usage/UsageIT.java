package dev.atrium.registry.usage;

import static dev.atrium.registry.usage.TestCalls.account;
import static dev.atrium.registry.usage.TestCalls.of;
import static dev.atrium.registry.usage.TestCalls.open;
import static dev.atrium.registry.usage.TestCalls.record;
import static dev.atrium.registry.usage.TestCalls.records;
import static dev.atrium.registry.usage.TestCalls.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestNode;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.node.GatewayHeartbeat;
import dev.atrium.registry.api.node.GatewayHeartbeatReply;
import dev.atrium.registry.api.node.Join;
import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.Reconciliation;
import dev.atrium.registry.api.usage.ShipUsage;
import dev.atrium.registry.api.usage.ShipUsageReply;
import dev.atrium.registry.api.usage.UsageBucket;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSource;
import dev.atrium.registry.leader.Leadership;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class UsageIT extends LedgerTest {
    @Autowired Leadership leadership;

    @BeforeEach
    void awaitLeader() {
        await().until(leadership::isLeader);
    }

    @Test
    void postsEachCallOnceHoweverOftenItIsShipped() {
        TestTenant acme = tenant("acme");
        String gateway = gateway();
        List<UsageRecord> records = records(acme.id(), 5, Instant.now());

        ShipUsageReply first = ship(gateway, records);
        ShipUsageReply second = ship(gateway, records);
        ShipUsageReply doubled = ship(gateway, List.of(records.get(0), records.get(0)));

        assertThat(first).isEqualTo(new ShipUsageReply(5, 0, 0));
        assertThat(second).isEqualTo(new ShipUsageReply(0, 5, 0));
        assertThat(doubled).isEqualTo(new ShipUsageReply(0, 2, 0));
        assertThat(hourlyCalls(acme)).isEqualTo(5);
    }

    @Test
    void twoGatewaysShippingTheSameBatchesAtOnceCountExactlyOnce() throws Exception {
        TestTenant acme = tenant("acme");
        TestTenant globex = tenant("globex");
        List<UsageRecord> all = new ArrayList<>(records(acme.id(), 300, Instant.now()));
        all.addAll(records(globex.id(), 300, Instant.now().minusSeconds(3_600)));
        List<String> gateways = List.of(gateway(), gateway());
        Random random = new Random(7);

        int posted = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ShipUsageReply>> replies = new ArrayList<>();
            for (int batch = 0; batch < 16; batch++) {
                List<UsageRecord> shuffled = new ArrayList<>(all);
                Collections.shuffle(shuffled, random);
                String gateway = gateways.get(batch % 2);
                replies.add(threads.submit(() -> ship(gateway, shuffled.subList(0, 400))));
            }
            for (Future<ShipUsageReply> reply : replies) {
                posted += reply.get().inserted();
            }
        }
        posted += ship(gateways.getFirst(), all).inserted();

        assertThat(posted).isEqualTo(600);
        for (TestTenant tenant : List.of(acme, globex)) {
            assertThat(ledger(tenant.id())).isEqualTo(300);
            assertThat(hourly(tenant)).isEqualTo(sumsOfTheLedger(tenant.id()));
        }
    }

    @Test
    void quarantinesNonsenseOfGatewaysAndNodes() {
        TestTenant acme = tenant("acme");
        UsageRecord good = records(acme.id(), 1, Instant.now()).getFirst();
        String gateway = gateway();

        ShipUsageReply reply =
                ship(
                        gateway,
                        List.of(
                                good,
                                used(acme.id(), -1, 0),
                                used(acme.id(), Long.MAX_VALUE, 0),
                                used(acme.id(), 0, Long.MIN_VALUE),
                                used(acme.id(), 0, 1_000_000_000_001L)));

        assertThat(reply).isEqualTo(new ShipUsageReply(1, 0, 4));
        assertThat(hourly(acme)).isEqualTo(sumsOfTheLedger(acme.id()));
    }

    private static UsageRecord used(TenantId tenant, long input, long output) {
        return TestCalls.settled(
                TestCalls.open(tenant, Instant.now(), List.of()), null, input, output);
    }

    @Test
    void quarantinesWhatCannotBePostedAndPostsTheRest() {
        TestTenant acme = tenant("acme");
        UsageRecord good = records(acme.id(), 1, Instant.now()).getFirst();
        UsageRecord old =
                records(acme.id(), 1, Instant.now().minus(Duration.ofDays(401))).getFirst();
        UsageRecord future =
                records(acme.id(), 1, Instant.now().plus(Duration.ofDays(2))).getFirst();
        UsageRecord nobody = records(new TenantId(UUID.randomUUID()), 1, Instant.now()).getFirst();
        List<UsageRecord> batch = List.of(good, old, future, nobody);
        String gateway = gateway();

        ShipUsageReply reply = ship(gateway, batch);
        ship(gateway, batch);

        assertThat(reply).isEqualTo(new ShipUsageReply(1, 0, 3));
        assertThat(
                        platform.sql(
                                        "SELECT reason FROM usage_quarantine WHERE call_id IN (?, ?, ?)")
                                .params(old.callId(), future.callId(), nobody.callId())
                                .query(String.class)
                                .list())
                .hasSize(3)
                .anyMatch(reason -> reason.contains("retention"))
                .anyMatch(reason -> reason.contains("future"))
                .anyMatch(reason -> reason.contains("no tenant"));
    }

    @Test
    void postsACallOfADayLongPastThatIsStillWithinRetention() {
        TestTenant acme = tenant("acme");
        Instant then = Instant.now().minus(Duration.ofDays(200));

        ShipUsageReply reply = ship(gateway(), records(acme.id(), 2, then));

        assertThat(reply.inserted()).isEqualTo(2);
        assertThat(ledger(acme.id())).isEqualTo(2);
    }

    @Test
    void refusesBatchesThatAreTooLongOrNameNoCall() {
        TestTenant acme = tenant("acme");
        String gateway = gateway();
        ShipUsage tooLong = new ShipUsage(records(acme.id(), 1_001, Instant.now()), List.of());

        assertThat(internalHttp().post("/internal/v1/usage", gateway, tooLong).status())
                .isEqualTo(400);
        assertThat(
                        internalHttp()
                                .post(
                                        "/internal/v1/usage",
                                        gateway,
                                        "{\"settled\": [{}], \"orphans\": []}")
                                .status())
                .isEqualTo(400);
        assertThat(internalHttp().post("/internal/v1/usage", "atm_wrong", tooLong).status())
                .isEqualTo(401);
    }

    @Test
    void settlesAnOrphanFromTheNodesAccount() {
        TestTenant acme = tenant("acme");
        TestNode node = node();
        String gateway = gateway();
        OpenCall call = open(acme.id(), Instant.now());
        ship(gateway, List.of(), List.of(call));

        shipFromNode(node, account(call, 1, Instant.now(), Outcome.CLIENT_GONE, 11, 7));

        await().until(() -> "SETTLED".equals(resolution(call)));
        UsageRecord settled = ledgerOf(acme).getFirst();
        assertThat(settled.callId()).isEqualTo(call.callId());
        assertThat(settled.outcome()).isEqualTo(Outcome.GATEWAY_LOST);
        assertThat(settled.source()).isEqualTo(UsageSource.NODE);
        assertThat(settled.nodeId()).isEqualTo(node.id());
        assertThat(settled.inputTokens()).isEqualTo(11);
        assertThat(settled.outputTokens()).isEqualTo(7);
        UsageRecord late = record(acme.id(), call.callId(), Instant.now());
        assertThat(ship(gateway, List.of(late))).isEqualTo(new ShipUsageReply(0, 1, 0));
    }

    @Test
    void voidsAnOrphanOnceEveryLivingNodeHasShippedPastIt() {
        TestTenant acme = tenant("acme");
        TestNode silent = node();
        TestNode slow = node();
        Instant openedAt = Instant.now().minusSeconds(120);
        platform.sql("UPDATE node SET joined_at = now() - interval '1 hour' WHERE alive").update();
        OpenCall call = open(acme.id(), openedAt);
        ship(gateway(), List.of(), List.of(call));

        silent.shippedThrough(Instant.now()).beat();
        slow.shippedThrough(openedAt.plusSeconds(30)).beat();
        await().during(Duration.ofSeconds(2)).until(() -> resolution(call) == null);
        slow.shippedThrough(openedAt.plusSeconds(61)).beat();

        await().until(() -> "VOID".equals(resolution(call)));
        assertThat(ledger(acme.id())).isZero();
    }

    @Test
    void settlesAVoidCallAfterAllWhenANodeSpeaksOfItLater() {
        TestTenant acme = tenant("acme");
        OpenCall call = open(acme.id(), Instant.now().minusSeconds(120));
        ship(gateway(), List.of(), List.of(call));
        await().until(() -> "VOID".equals(resolution(call)));

        shipFromNode(node(), account(call, 1, Instant.now(), Outcome.OK, 3, 0));

        await().until(() -> "SETTLED".equals(resolution(call)));
        assertThat(ledger(acme.id())).isEqualTo(1);
    }

    @Test
    void waitsForALaterAttemptWhenTheKnownOneFailed() {
        TestTenant acme = tenant("acme");
        TestNode first = node();
        TestNode second = node();
        OpenCall call = open(acme.id(), Instant.now());
        ship(gateway(), List.of(), List.of(call));

        shipFromNode(first, account(call, 1, Instant.now(), Outcome.NODE_FAILED, 5, 0));
        await().during(Duration.ofSeconds(2)).until(() -> resolution(call) == null);
        shipFromNode(second, account(call, 2, Instant.now(), Outcome.OK, 5, 9));

        await().until(() -> "SETTLED".equals(resolution(call)));
        assertThat(ledgerOf(acme).getFirst().outputTokens()).isEqualTo(9);
        assertThat(ledgerOf(acme).getFirst().attempts()).isEqualTo(2);
    }

    @Test
    void anEndReplacesABeginningAndNobodyRewritesAnothersAccount() {
        TestTenant acme = tenant("acme");
        TestNode node = node();
        TestNode other = node();
        OpenCall call = open(acme.id(), Instant.now());

        shipFromNode(node, account(call, 1, null, Outcome.NODE_FAILED, 0, 0));
        shipFromNode(other, account(call, 1, Instant.now(), Outcome.OK, 999, 999));
        shipFromNode(node, account(call, 1, Instant.now(), Outcome.OK, 4, 2));
        shipFromNode(node, account(call, 1, Instant.now(), Outcome.OK, 8, 8));

        assertThat(
                        platform.sql("SELECT output_tokens FROM node_usage WHERE call_id = ?")
                                .param(call.callId())
                                .query(Long.class)
                                .single())
                .isEqualTo(2);
    }

    @Test
    void showsATenantItsOwnUsageOnly() {
        TestTenant acme = tenant("acme");
        TestTenant globex = tenant("globex");
        ship(gateway(), records(acme.id(), 5, Instant.now()));

        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    http().get("/api/v1/usage/records?limit=2&cursor=" + cursor, acme.ownerToken())
                            .json();
            page.path("items").forEach(item -> seen.add(item.path("callId").asString()));
            cursor = page.path("nextCursor").asString("");
        } while (!cursor.isEmpty());
        Answer byModel = http().get("/api/v1/usage/hourly?groupBy=MODEL", acme.ownerToken());

        assertThat(seen).hasSize(5).doesNotHaveDuplicates();
        assertThat(seen).isSortedAccordingTo(Collections.reverseOrder());
        assertThat(byModel.json().path(0).path("group").asString()).isEqualTo("acme/iris");
        assertThat(hourlyCalls(globex)).isZero();
        assertThat(ledgerOf(globex)).isEmpty();
        assertThat(
                        http().get(
                                        "/api/v1/usage/hourly?from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z",
                                        acme.ownerToken())
                                .status())
                .isEqualTo(400);
    }

    @Test
    void aGatewayGetsTheKeysOfAllNodesAndMayNotDoWhatNodesDo() {
        TestNode node = node();
        String gateway = gateway();

        Answer beat =
                internalHttp()
                        .post(
                                "/internal/v1/gateways/heartbeat",
                                gateway,
                                new GatewayHeartbeat(0, 0, 0, null));

        assertThat(beat.status()).as(beat.text()).isEqualTo(200);
        assertThat(beat.as(GatewayHeartbeatReply.class).grantKeys())
                .anySatisfy(key -> assertThat(key.nodeId()).isEqualTo(node.id()));
        assertThat(internalHttp().post("/internal/v1/nodes/heartbeat", gateway, "{}").status())
                .isEqualTo(403);
        assertThat(internalHttp().get("/internal/v1/artifacts/" + "0".repeat(64), gateway).status())
                .isEqualTo(403);
    }

    @Test
    void aJoinTokenWorksOnceAndForItsRole() {
        String token = TestNode.token(http(), operatorToken(), MemberRole.GATEWAY);
        Join asGateway = new Join(token, MemberRole.GATEWAY, "gw-" + UUID.randomUUID(), null, null);
        Join asNode =
                new Join(
                        token,
                        MemberRole.NODE,
                        "n-" + UUID.randomUUID(),
                        "http://n:1",
                        new dev.atrium.registry.api.node.NodeCapacity(1, 1, "none", null));

        int wrongRole = internalHttp().post("/internal/v1/join", "none", asNode).status();
        int first = internalHttp().post("/internal/v1/join", "none", asGateway).status();
        int again = internalHttp().post("/internal/v1/join", "none", asGateway).status();

        assertThat(List.of(wrongRole, first, again)).containsExactly(401, 200, 401);
    }

    @Test
    void reconcilesTheLedgerWithTheNodesCallByCall() {
        TestTenant acme = tenant("acme");
        TestNode node = node();
        String gateway = gateway();
        OpenCall lost = open(acme.id(), Instant.now());
        List<OpenCall> calls = List.of(of(lost), of(lost), of(lost));
        ship(gateway, calls.stream().map(call -> settled(call, node.id(), 11, 7)).toList());
        shipFromNode(
                node,
                account(lost, 1, Instant.now(), Outcome.OK, 11, 7),
                account(calls.get(0), 1, Instant.now(), Outcome.NODE_FAILED, 1, 0),
                account(calls.get(0), 2, Instant.now(), Outcome.OK, 11, 7),
                account(calls.get(1), 1, Instant.now(), Outcome.OK, 11, 8));

        Answer answer =
                http().get(
                                "/api/v1/admin/usage/reconciliation?versionId=" + lost.versionId(),
                                operatorToken());

        Reconciliation found = answer.as(Reconciliation.class);
        assertThat(found.ledgerCalls()).isEqualTo(3);
        assertThat(found.nodeCalls()).isEqualTo(3);
        assertThat(found.differing()).isEqualTo(3);
        assertThat(found.differences())
                .extracting(Reconciliation.Difference::callId, Reconciliation.Difference::kind)
                .containsExactlyInAnyOrder(
                        tuple(lost.callId(), Reconciliation.Kind.MISSING_IN_LEDGER),
                        tuple(calls.get(1).callId(), Reconciliation.Kind.OTHER_FIGURES),
                        tuple(calls.get(2).callId(), Reconciliation.Kind.MISSING_AT_NODES));
        assertThat(http().get("/api/v1/admin/usage/reconciliation", acme.ownerToken()).status())
                .isEqualTo(403);
    }

    private long ledger(TenantId tenant) {
        return platform.sql("SELECT count(*) FROM usage_record WHERE tenant_id = ?")
                .param(tenant.value())
                .query(Long.class)
                .single();
    }

    private List<UsageRecord> ledgerOf(TestTenant tenant) {
        JsonNode items =
                http().get("/api/v1/usage/records", tenant.ownerToken()).json().path("items");
        List<UsageRecord> records = new ArrayList<>();
        items.forEach(item -> records.add(Answer.JSON.treeToValue(item, UsageRecord.class)));
        return records;
    }

    private List<UsageBucket> hourly(TestTenant tenant) {
        return Arrays.asList(
                http().get("/api/v1/usage/hourly", tenant.ownerToken()).as(UsageBucket[].class));
    }

    private long hourlyCalls(TestTenant tenant) {
        return hourly(tenant).stream().mapToLong(UsageBucket::calls).sum();
    }

    private List<UsageBucket> sumsOfTheLedger(TenantId tenant) {
        return platform.sql(
                        """
                        SELECT date_trunc('hour', uuid_extract_timestamp(call_id), 'UTC') AS hour,
                               count(*), count(*) FILTER (WHERE outcome <> 'OK'),
                               sum(input_tokens), sum(output_tokens), sum(compute_micros)
                        FROM usage_record WHERE tenant_id = ? GROUP BY 1 ORDER BY 1
                        """)
                .param(tenant.value())
                .query((row, number) ->
                        new UsageBucket(
                                row.getTimestamp(1).toInstant(),
                                null,
                                row.getLong(2),
                                row.getLong(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getLong(6),
                                List.of(),
                                null,
                                null))
                .list();
    }

    private String resolution(OpenCall call) {
        return platform.sql("SELECT resolution FROM usage_orphan WHERE call_id = ?")
                .param(call.callId())
                .query((row, number) -> java.util.Optional.ofNullable(row.getString(1)))
                .single()
                .orElse(null);
    }
}
