package dev.atrium.registry.usage;

import static dev.atrium.registry.usage.TestCalls.account;
import static dev.atrium.registry.usage.TestCalls.open;
import static dev.atrium.registry.usage.TestCalls.records;
import static dev.atrium.registry.usage.TestCalls.settled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestNode;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.usage.CallAttempt;
import dev.atrium.registry.api.usage.CallDetails;
import dev.atrium.registry.api.usage.CallPhases;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CallLogIT extends LedgerTest {
    @Test
    void showsACallWithTheAttemptsThatWereNotBilledToo() {
        TestTenant acme = tenant("acme");
        TestNode first = node();
        TestNode second = node();
        OpenCall call = open(acme.id(), Instant.now());
        ship(gateway(), List.of(settled(call, second.id(), 11, 7)), List.of());
        shipFromNode(first, account(call, 1, Instant.now(), Outcome.NODE_FAILED, 11, 2));
        shipFromNode(second, account(call, 2, Instant.now(), Outcome.OK, 11, 7));

        CallDetails found = get(acme, call.callId()).as(CallDetails.class);

        assertThat(found.state()).isEqualTo(CallDetails.State.SETTLED);
        assertThat(found.opened()).isNull();
        assertThat(found.refused()).isNull();
        assertThat(found.settled())
                .extracting(
                        UsageRecord::callId,
                        UsageRecord::outcome,
                        UsageRecord::httpStatus,
                        UsageRecord::nodeId,
                        UsageRecord::outputTokens)
                .containsExactly(call.callId(), Outcome.OK, 200, second.id(), 7L);
        assertThat(found.attempts())
                .extracting(
                        CallAttempt::attempt,
                        CallAttempt::nodeId,
                        CallAttempt::outcome,
                        CallAttempt::outputTokens,
                        CallAttempt::billed)
                .containsExactly(
                        tuple(1, first.id(), "NODE_FAILED", 2L, false),
                        tuple(2, second.id(), "OK", 7L, true));
    }

    @Test
    void saysHowTheTimeOfACallPassed() {
        TestTenant acme = tenant("acme");
        Instant arrived = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        UsageRecord call =
                TestCalls.lasting(
                        TestCalls.record(acme.id(), TestCalls.callId(arrived), arrived),
                        arrived.plusMillis(40),
                        200_000L,
                        arrived.plusMillis(900));
        UsageRecord backwards =
                TestCalls.lasting(
                        TestCalls.record(acme.id(), TestCalls.callId(arrived), arrived),
                        arrived.minusSeconds(1),
                        null,
                        arrived.minusSeconds(2));
        ship(gateway(), List.of(call, backwards));

        assertThat(get(acme, call.callId()).as(CallDetails.class).phases())
                .isEqualTo(new CallPhases(40_000, 240_000L, 900_000));
        assertThat(get(acme, backwards.callId()).as(CallDetails.class).phases())
                .isEqualTo(new CallPhases(0, null, 0));
    }

    @Test
    void aForeignCallIsAsAbsentAsOneThatNeverWas() {
        TestTenant acme = tenant("acme");
        TestTenant globex = tenant("globex");
        OpenCall settled = open(acme.id(), Instant.now());
        OpenCall orphan = open(acme.id(), Instant.now());
        ship(gateway(), List.of(settled(settled, null, 1, 1)), List.of(orphan));
        String absent = withoutRequest(get(globex, TestCalls.callId(Instant.now())));

        for (OpenCall call : List.of(settled, orphan)) {
            assertThat(get(acme, call.callId()).status()).isEqualTo(200);
            Answer foreign = get(globex, call.callId());
            assertThat(foreign.status()).isEqualTo(404);
            assertThat(withoutRequest(foreign)).isEqualTo(absent);
            assertThat(admin(call.callId(), operatorToken()).status()).isEqualTo(200);
            assertThat(admin(call.callId(), acme.ownerToken()).status()).isEqualTo(403);
        }
        assertThat(get(acme, UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(http().get("/api/v1/calls/none", acme.ownerToken()).status()).isEqualTo(404);
        assertThat(http().get("/api/v1/calls", globex.ownerToken()).json().path("items")).isEmpty();
    }

    @Test
    void saysThatACallOfAKilledGatewayWasNeverBegun() {
        TestTenant acme = tenant("acme");
        OpenCall call = open(acme.id(), Instant.now().minusSeconds(120));
        ship(gateway(), List.of(), List.of(call));

        await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> get(acme, call.callId()).as(CallDetails.class).state(),
                        CallDetails.State.VOID::equals);

        CallDetails found = get(acme, call.callId()).as(CallDetails.class);
        assertThat(found.settled()).isNull();
        assertThat(found.opened().callId()).isEqualTo(call.callId());
        assertThat(found.opened().openedAt()).isEqualTo(call.openedAt());
        assertThat(found.attempts()).isEmpty();
    }

    @Test
    void listsTheCallsThatAreAskedForNewestFirst() {
        TestTenant acme = tenant("acme");
        List<UsageRecord> calls = records(acme.id(), 40, Instant.now());
        ship(gateway(), calls, List.of());
        List<String> failed =
                calls.stream()
                        .filter(call -> call.outcome() == Outcome.CLIENT_GONE)
                        .map(call -> call.callId().toString())
                        .toList();

        assertThat(logged(acme, "outcome=CLIENT_GONE")).containsExactlyElementsOf(failed);
        assertThat(logged(acme, "model=acme/iris&principal=abcdefghijkmnpqr")).hasSize(40);
        assertThat(logged(acme, "model=acme/rose")).isEmpty();
        assertThat(logged(acme, "principal=nobody")).isEmpty();
        assertThat(http().get("/api/v1/calls?outcome=FINE", acme.ownerToken()).status())
                .isEqualTo(400);
    }

    private Answer get(TestTenant tenant, UUID callId) {
        return http().get("/api/v1/calls/" + callId, tenant.ownerToken());
    }

    private Answer admin(UUID callId, String token) {
        return http().get("/api/v1/admin/calls/" + callId, token);
    }

    private static String withoutRequest(Answer answer) {
        return answer.code() + answer.json().path("detail").asString();
    }
}
