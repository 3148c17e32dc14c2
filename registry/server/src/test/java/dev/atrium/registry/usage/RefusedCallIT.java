package dev.atrium.registry.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.CallDetails;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.RefusingLimit;
import dev.atrium.registry.api.usage.ShipRefusals;
import dev.atrium.registry.api.usage.ShipRefusalsReply;
import dev.atrium.registry.api.usage.UnlistedRefusals;
import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Refused calls, from what gateways ship to the call log. */
class RefusedCallIT extends LedgerTest {
    private static final Instant NOW = Instant.now();
    private static final UUID LIFE = UUID.randomUUID();
    private static final RefusingLimit LIMIT =
            new RefusingLimit(
                    new PolicyId(UUID.randomUUID()),
                    "team",
                    Unit.TOKENS,
                    Window.DAY,
                    null,
                    1_000,
                    900L,
                    90L,
                    10L,
                    50L);

    private TestTenant acme;
    private String gateway;

    @BeforeEach
    void begin() {
        acme = tenant("acme");
        gateway = gateway();
    }

    @Test
    void listsBothKindsInOneOrderOverAllPages() {
        List<UsageRecord> settled = TestCalls.records(acme.id(), 20, NOW.minusMillis(3));
        List<RefusedCall> refused =
                IntStream.range(0, 23).mapToObj(i -> call(acme.id(), NOW.minusMillis(i))).toList();
        ship(gateway, settled);
        tell(refused, List.of());

        List<String> all =
                Stream.concat(
                                settled.stream().map(UsageRecord::callId),
                                refused.stream().map(RefusedCall::callId))
                        .map(UUID::toString)
                        .sorted(Comparator.reverseOrder())
                        .toList();
        assertThat(logged(acme, "")).containsExactlyElementsOf(all);
        assertThat(logged(acme, "outcome=refused")).hasSize(23).isSubsetOf(all);
        assertThat(logged(acme, "outcome=OK")).doesNotContain(ids(refused).toArray(String[]::new));
        assertThat(logged(tenant("globex"), "")).isEmpty();
    }

    @Test
    void showsWhyACallWasRefused() {
        RefusedCall refused = call(acme.id(), NOW, "insufficient_quota", LIMIT, "eu");
        tell(List.of(refused), List.of());

        JsonNode item = newest(acme);
        CallDetails found = get(acme, refused.callId()).as(CallDetails.class);

        assertThat(item.path("settled").isNull()).isTrue();
        assertThat(item.path("refused").path("code").asString()).isEqualTo("insufficient_quota");
        assertThat(found.state()).isEqualTo(CallDetails.State.REFUSED);
        assertThat(found.refused()).isEqualTo(refused);
        assertThat(found.settled()).isNull();
        assertThat(found.phases()).isNull();
        assertThat(found.attempts()).isEmpty();
    }

    @Test
    void findsByWhatIsAskedFor() {
        RefusedCall quota = call(acme.id(), NOW, "insufficient_quota", LIMIT, "eu");
        RefusedCall absent = call(acme.id(), NOW.minusMillis(1), "model_not_found", null, null);
        UsageRecord settled = TestCalls.records(acme.id(), 1, NOW.minusMillis(2)).getFirst();
        ship(gateway, List.of(settled));
        tell(List.of(quota, absent), List.of());

        assertThat(logged(acme, "code=insufficient_quota")).containsExactly(id(quota));
        assertThat(logged(acme, "outcome=REFUSED&code=model_not_found"))
                .containsExactly(id(absent));
        assertThat(logged(acme, "label=eu")).containsExactly(id(quota));
        assertThat(logged(acme, "model=acme/rose")).containsExactly(id(quota), id(absent));
        assertThat(logged(acme, "model=acme/iris")).containsExactly(settled.callId().toString());
        assertThat(logged(acme, "principal=mnpqrstuvwxyzabc"))
                .containsExactly(id(quota), id(absent));
        assertThat(logged(acme, "principal=nobody")).isEmpty();
        assertThat(status("outcome=OK&code=model_not_found")).isEqualTo(400);
        assertThat(status("outcome=FINE")).isEqualTo(400);
    }

    @Test
    void aForeignRefusalIsAsAbsentAsOneThatNeverWas() {
        TestTenant globex = tenant("globex");
        RefusedCall refused = call(acme.id(), NOW);
        tell(List.of(refused), List.of(new UnlistedRefusals(acme.id(), minute(), "overloaded", 1)));

        Answer foreign = get(globex, refused.callId());
        Answer absent = get(globex, TestCalls.callId(NOW));

        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign.code() + foreign.json().path("detail"))
                .isEqualTo(absent.code() + absent.json().path("detail"));
        assertThat(unlisted(globex, "").path("items")).isEmpty();
        String admin = "/api/v1/admin/calls/" + refused.callId();
        assertThat(http().get(admin, operatorToken()).as(CallDetails.class).refused())
                .isEqualTo(refused);
        assertThat(http().get(admin, globex.ownerToken()).status()).isEqualTo(403);
    }

    @Test
    void countsOnceWhatIsToldAgain() {
        List<RefusedCall> refused = List.of(call(acme.id(), NOW), call(acme.id(), NOW));
        List<UnlistedRefusals> counts =
                List.of(new UnlistedRefusals(acme.id(), minute(), "overloaded", 12_000));

        assertThat(tell(refused, counts)).isEqualTo(new ShipRefusalsReply(2, 0, 0));
        assertThat(tell(refused, counts)).isEqualTo(new ShipRefusalsReply(0, 2, 0));
        tell(List.of(), List.of(new UnlistedRefusals(acme.id(), minute(), "overloaded", 12_345)));
        tell(List.of(), counts);

        assertThat(logged(acme, "")).hasSize(2);
        assertThat(unlisted(acme, "").path("items").path(0).path("calls").asLong())
                .isEqualTo(12_345);
    }

    @Test
    void addsUpWhatGatewaysCountedAndPagesThroughIt() {
        Instant minute = minute();
        for (UUID life : List.of(LIFE, UUID.randomUUID())) {
            tell(
                    life,
                    List.of(),
                    List.of(
                            new UnlistedRefusals(acme.id(), minute, "overloaded", 5),
                            new UnlistedRefusals(acme.id(), minute, "model_not_found", 2),
                            new UnlistedRefusals(
                                    acme.id(),
                                    minute.minus(1, ChronoUnit.MINUTES),
                                    "overloaded",
                                    1)));
        }

        List<String> lines = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = unlisted(acme, "&limit=1&cursor=" + cursor);
            page.path("items")
                    .forEach(line ->
                            lines.add(line.path("code").asString() + line.path("calls").asLong()));
            cursor = page.path("nextCursor").asString("");
        } while (!cursor.isEmpty());
        assertThat(lines).containsExactly("model_not_found4", "overloaded10", "overloaded2");
        assertThat(unlisted(acme, "&code=model_not_found").path("items")).hasSize(1);
    }

    @Test
    void theLedgerIsRightWhereBothHaveACall() {
        UsageRecord settled = TestCalls.records(acme.id(), 1, NOW).getFirst();
        ship(gateway, List.of(settled));
        tell(List.of(call(acme.id(), settled.callId(), "overloaded", null, null)), List.of());

        assertThat(logged(acme, "")).containsExactly(settled.callId().toString());
        assertThat(newest(acme).path("refused").isNull()).isTrue();
        assertThat(get(acme, settled.callId()).as(CallDetails.class).state())
                .isEqualTo(CallDetails.State.SETTLED);
    }

    @Test
    void takesWhatIsSoundOutOfABatchThatIsNot() {
        RefusedCall sound = call(acme.id(), NOW);
        List<RefusedCall> batch =
                List.of(
                        call(acme.id(), NOW.minus(Duration.ofDays(8))),
                        call(acme.id(), NOW.plus(Duration.ofDays(2))),
                        call(acme.id(), UUID.randomUUID(), "overloaded", null, null),
                        call(acme.id(), NOW, "No such code", null, null),
                        call(acme.id(), NOW, "overloaded", null, "two words"),
                        named(acme.id(), "x".repeat(201)),
                        named(acme.id(), "nul\u0000"),
                        sound);
        List<UnlistedRefusals> counts =
                List.of(
                        new UnlistedRefusals(acme.id(), minute(), "overloaded", 0),
                        new UnlistedRefusals(acme.id(), minute().plusSeconds(1), "overloaded", 1));

        assertThat(tell(batch, counts)).isEqualTo(new ShipRefusalsReply(1, 0, 9));
        assertThat(logged(acme, "")).containsExactly(id(sound));
    }

    @Test
    void refusesWhatIsNoBatchAndWhoIsNoGateway() {
        List<RefusedCall> many = Collections.nCopies(1_001, call(acme.id(), NOW));

        assertThat(post(gateway, new ShipRefusals(LIFE, many, List.of())).status()).isEqualTo(400);
        assertThat(post(gateway, new ShipRefusals(null, List.of(), List.of())).status())
                .isEqualTo(400);
        assertThat(post(node().credential(), new ShipRefusals(LIFE, List.of(), List.of())).status())
                .isEqualTo(403);
    }

    private ShipRefusalsReply tell(List<RefusedCall> refused, List<UnlistedRefusals> counts) {
        return tell(LIFE, refused, counts);
    }

    private ShipRefusalsReply tell(
            UUID life, List<RefusedCall> refused, List<UnlistedRefusals> counts) {
        Answer answer = post(gateway, new ShipRefusals(life, refused, counts));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.as(ShipRefusalsReply.class);
    }

    private Answer post(String credential, ShipRefusals batch) {
        return internalHttp().post("/internal/v1/calls/refused", credential, batch);
    }

    private static RefusedCall call(TenantId tenant, Instant at) {
        return call(tenant, at, "model_not_found", null, null);
    }

    private static RefusedCall call(
            TenantId tenant,
            Instant at,
            String code,
            @Nullable RefusingLimit limit,
            @Nullable String label) {
        return call(tenant, TestCalls.callId(at), code, limit, label);
    }

    private static RefusedCall call(
            TenantId tenant,
            UUID id,
            String code,
            @Nullable RefusingLimit limit,
            @Nullable String label) {
        return call(tenant, id, "acme/rose", code, limit, label);
    }

    private static RefusedCall named(TenantId tenant, String model) {
        return call(tenant, TestCalls.callId(NOW), model, "model_not_found", null, null);
    }

    private static RefusedCall call(
            TenantId tenant,
            UUID id,
            String model,
            String code,
            @Nullable RefusingLimit limit,
            @Nullable String label) {
        return new RefusedCall(
                id,
                tenant,
                new ProjectId(UUID.randomUUID()),
                PrincipalKind.API_KEY,
                "mnpqrstuvwxyzabc",
                Operation.CHAT,
                model,
                null,
                429,
                code,
                "model",
                limit,
                NOW,
                label);
    }

    private static Instant minute() {
        return NOW.truncatedTo(ChronoUnit.MINUTES);
    }

    private static String id(RefusedCall call) {
        return call.callId().toString();
    }

    private static List<String> ids(List<RefusedCall> calls) {
        return calls.stream().map(RefusedCallIT::id).toList();
    }

    private JsonNode newest(TestTenant tenant) {
        return http().get("/api/v1/calls", tenant.ownerToken()).json().path("items").path(0);
    }

    private int status(String query) {
        return http().get("/api/v1/calls?" + query, acme.ownerToken()).status();
    }

    private JsonNode unlisted(TestTenant tenant, String query) {
        return http().get(
                        "/api/v1/calls/unlisted?from=" + NOW.minusSeconds(900) + query,
                        tenant.ownerToken())
                .json();
    }

    private Answer get(TestTenant tenant, UUID callId) {
        return http().get("/api/v1/calls/" + callId, tenant.ownerToken());
    }
}
