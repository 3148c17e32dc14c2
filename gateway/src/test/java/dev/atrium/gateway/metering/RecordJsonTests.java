package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.EnergyMethod;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSource;
import dev.atrium.registry.api.usage.Waiver;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RecordJsonTests {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Instant MOMENT = Instant.parse("2026-11-23T09:00:00.000000001Z");

    @Test
    void whatWasOpenedIsReadBack() throws ReflectiveOperationException {
        OpenCall bare = Calls.open(UUID.randomUUID());
        OpenCall full = full(bare);

        assertThat(hasEverything(full)).isTrue();
        assertThat(JSON.readValue(RecordJson.of(full), OpenCall.class)).isEqualTo(full);
        assertThat(JSON.readValue(RecordJson.of(bare), OpenCall.class)).isEqualTo(bare);
    }

    @Test
    void whatEndedIsReadBack() throws ReflectiveOperationException {
        UsageRecord bare = Calls.settled(Calls.open(UUID.randomUUID()));
        UsageRecord full = full(Calls.settled(full(Calls.open(UUID.randomUUID()))));

        assertThat(hasEverything(full)).isTrue();
        assertThat(JSON.readValue(RecordJson.of(full), UsageRecord.class)).isEqualTo(full);
        assertThat(JSON.readValue(RecordJson.of(bare), UsageRecord.class)).isEqualTo(bare);
    }

    /** So it is what former versions wrote, of which segments wait after an upgrade. */
    @Test
    void saysNothingOfPicturesWhereThereWereNone() {
        UsageRecord bare = Calls.settled(Calls.open(UUID.randomUUID()));

        assertThat(new String(RecordJson.of(bare), StandardCharsets.UTF_8)).doesNotContain("media");
    }

    /** Or a component could be forgotten and nobody would notice. */
    private static boolean hasEverything(Record value) throws ReflectiveOperationException {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object part = component.getAccessor().invoke(value);
            if (part == null || part.equals(0L) || part.equals(0)) {
                return false;
            }
        }
        return true;
    }

    private static OpenCall full(OpenCall call) {
        return new OpenCall(
                call.callId(),
                call.tenantId(),
                call.projectId(),
                call.principalKind(),
                call.principalId(),
                call.modelId(),
                call.modelName(),
                call.versionId(),
                call.version(),
                call.operation(),
                MOMENT,
                List.of(charge(UUID.randomUUID(), false), charge(null, true)),
                new PriceId(UUID.randomUUID()),
                "a \"label\", é");
    }

    private static Charge charge(UUID lease, boolean refused) {
        return new Charge(
                new PolicyId(UUID.randomUUID()), MOMENT, Unit.TOKENS, lease, 9, 8, refused);
    }

    private static UsageRecord full(UsageRecord usage) {
        return new UsageRecord(
                usage.callId(),
                usage.tenantId(),
                usage.projectId(),
                usage.principalKind(),
                usage.principalId(),
                usage.modelId(),
                usage.modelName(),
                usage.versionId(),
                usage.version(),
                usage.operation(),
                Outcome.NODE_FAILED,
                502,
                2,
                new NodeId(UUID.randomUUID()),
                3,
                4,
                5,
                6L,
                usage.openedAt(),
                MOMENT,
                UsageSource.GATEWAY,
                usage.charges(),
                usage.priceId(),
                new Cost(7, "EUR", 8L),
                usage.label(),
                new Energy(9, 10L, EnergyMethod.MEASURED),
                11L,
                new Media(12, 13),
                Waiver.GIVEN_UP);
    }
}
