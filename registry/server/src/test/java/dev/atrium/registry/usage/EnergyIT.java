package dev.atrium.registry.usage;

import static dev.atrium.registry.usage.TestCalls.account;
import static dev.atrium.registry.usage.TestCalls.open;
import static dev.atrium.registry.usage.TestCalls.settled;
import static dev.atrium.registry.usage.TestCalls.taking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestNode;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.usage.CallAttempt;
import dev.atrium.registry.api.usage.CallDetails;
import dev.atrium.registry.api.usage.CarbonSum;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.EnergyMethod;
import dev.atrium.registry.api.usage.EnergySum;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.ShipNodeUsage;
import dev.atrium.registry.api.usage.ShipUsageReply;
import dev.atrium.registry.api.usage.UsageBucket;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSum;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Energy and carbon of calls, from what gateways and nodes ship to the reports. */
class EnergyIT extends LedgerTest {
    private static final Energy FULL = new Energy(1_500_000, 200L, EnergyMethod.MODELLED);

    private final Instant at = Instant.now();

    @Test
    void sumsUpTheCallsThatHaveAFigureAndSaysHowManyThoseAre() {
        TestTenant acme = tenant("acme");
        ship(
                gateway(),
                List.of(
                        call(acme, FULL),
                        call(acme, new Energy(500_000, 101L, EnergyMethod.MEASURED)),
                        call(acme, new Energy(7, null, EnergyMethod.MODELLED)),
                        call(acme, null)));
        // Into sums that are there already.
        ship(gateway(), List.of(call(acme, FULL), call(acme, null)));

        UsageSum sum = sum(acme);
        UsageBucket hour = hour(acme);

        assertThat(sum.calls()).isEqualTo(6);
        assertThat(sum.energy())
                .isEqualTo(new EnergySum(4, 1, 3_500_007, new CarbonSum(3, 30, 501, 167, 16_700L)));
        assertThat(hour.energy()).isEqualTo(sum.energy());
        assertThat(csv(acme))
                .startsWith("calls,")
                .contains(",energy_calls,energy_j,gco2e_calls,gco2e,")
                .contains(",4,3.500007,3,0.000000501,");
    }

    @Test
    void whatNobodySaidIsAbsentAndNotZero() {
        TestTenant acme = tenant("acme");
        UsageRecord call = call(acme, null);
        ship(gateway(), List.of(call));

        assertThat(sum(acme).energy()).isNull();
        assertThat(hour(acme).energy()).isNull();
        assertThat(csv(acme)).contains(",0,,0,,");
        JsonNode row = http().get("/api/v1/calls", acme.ownerToken()).json().at("/items/0");
        assertThat(row.path("callId").asString()).isEqualTo(call.callId().toString());
        assertThat(row.path("energy").isObject()).isFalse();
        assertThat(hashed(call.callId()))
                .as("what rows were hashed by before there was energy")
                .doesNotContain("energy", "carbon");
    }

    @Test
    void theLedgerHasItToTheUnitAndHashesIt() {
        TestTenant acme = tenant("acme");
        UsageRecord call = call(acme, FULL);
        ship(gateway(), List.of(call));

        CallDetails found = details(acme, call.callId());

        assertThat(found.settled().energy()).isEqualTo(FULL);
        assertThat(hashed(call.callId()))
                .contains(
                        "\"energy_method\": \"MODELLED\"",
                        "\"carbon_nanograms\": 200",
                        "\"energy_microjoules\": 1500000");
    }

    @Test
    void aCallOfAKilledGatewayHasWhatItsNodeSays() {
        TestTenant acme = tenant("acme");
        TestNode node = node();
        OpenCall call = open(acme.id(), Instant.now());
        ship(gateway(), List.of(), List.of(call));
        shipFromNode(node, taking(account(call, 1, Instant.now(), Outcome.OK, 3, 4), FULL));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> details(acme, call.callId()).settled() != null);

        CallDetails found = details(acme, call.callId());
        assertThat(found.settled().energy()).isEqualTo(FULL);
        assertThat(found.attempts()).extracting(CallAttempt::energy).containsExactly(FULL);
        assertThat(sum(acme).energy().calls()).isEqualTo(1);
    }

    @Test
    void theEndOfAnAttemptBringsItsEnergy() {
        TestTenant acme = tenant("acme");
        TestNode node = node();
        OpenCall call = open(acme.id(), Instant.now());
        ship(gateway(), List.of(settled(call, node.id(), 3, 4)));
        shipFromNode(node, account(call, 1, null, Outcome.NODE_FAILED, 0, 0));
        shipFromNode(node, taking(account(call, 1, Instant.now(), Outcome.OK, 3, 4), FULL));

        assertThat(details(acme, call.callId()).attempts())
                .extracting(CallAttempt::energy)
                .containsExactly(FULL);
    }

    @Test
    void quarantinesNonsenseAndPostsTheRest() {
        TestTenant acme = tenant("acme");

        ShipUsageReply reply =
                ship(
                        gateway(),
                        List.of(
                                call(acme, FULL),
                                call(acme, new Energy(0, null, EnergyMethod.MODELLED)),
                                call(acme, new Energy(-1, null, EnergyMethod.MODELLED)),
                                call(acme, new Energy(1, -1L, EnergyMethod.MODELLED)),
                                call(acme, new Energy(1, 1L, null)),
                                call(
                                        acme,
                                        new Energy(Long.MAX_VALUE, null, EnergyMethod.MODELLED))));

        assertThat(reply).isEqualTo(new ShipUsageReply(1, 0, 5));
        assertThat(sum(acme).energy().microjoules()).isEqualTo(FULL.microjoules());
    }

    @Test
    void quarantinesAnAccountThatIsNonsense() {
        OpenCall call = open(tenant("acme").id(), Instant.now());
        NodeUsageRecord account = account(call, 1, Instant.now(), Outcome.OK, 1, 1);

        Answer answer =
                internalHttp()
                        .post(
                                "/internal/v1/nodes/usage",
                                node().credential(),
                                new ShipNodeUsage(
                                        List.of(
                                                taking(
                                                        account,
                                                        new Energy(
                                                                -5,
                                                                null,
                                                                EnergyMethod.MODELLED)))));

        assertThat(answer.text()).isEqualTo("{\"accepted\":0}");
    }

    @Test
    void sumsStayWithinBoundsWhateverANodeSays() {
        TestTenant acme = tenant("acme");
        ship(gateway(), List.of(call(acme, FULL)));
        platform.sql(
                        """
                        UPDATE usage_hourly SET energy_microjoules = 9000000000000000000,
                            carbon_nanograms = 9000000000000000000 WHERE tenant_id = ?
                        """)
                .param(acme.id().value())
                .update();

        ship(gateway(), List.of(call(acme, FULL)));

        assertThat(sum(acme).energy().microjoules()).isEqualTo(9_000_000_000_000_000_000L);
        assertThat(sum(acme).energy().carbon().nanograms()).isEqualTo(9_000_000_000_000_000_000L);
    }

    /** Ten tokens; all in one hour. */
    private UsageRecord call(TestTenant tenant, @Nullable Energy energy) {
        return taking(settled(open(tenant.id(), at), null, 4, 6), energy);
    }

    private UsageBucket hour(TestTenant tenant) {
        UsageBucket[] hours =
                http().get("/api/v1/usage/hourly", tenant.ownerToken()).as(UsageBucket[].class);
        return hours[hours.length - 1];
    }
}
