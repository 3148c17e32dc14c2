package dev.atrium.node.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.EnergyMethod;
import dev.atrium.registry.api.usage.GrantedCall;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.ShipNodeUsage;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class NodeRecordJsonTests {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Instant MOMENT = Instant.parse("2026-11-23T09:00:00.000000001Z");

    private final NodeUsageRecord bare =
            new NodeUsageRecord(
                    UUID.randomUUID(),
                    1,
                    new ModelVersionId(UUID.randomUUID()),
                    MOMENT,
                    null,
                    "NODE_FAILED",
                    0,
                    0,
                    0);
    private final NodeUsageRecord full =
            new NodeUsageRecord(
                    UUID.randomUUID(),
                    2,
                    new ModelVersionId(UUID.randomUUID()),
                    MOMENT,
                    MOMENT.plusNanos(1),
                    "OK",
                    3,
                    4,
                    5,
                    new Energy(6, 7L, EnergyMethod.MEASURED),
                    new GrantedCall(
                            UUID.randomUUID(),
                            new TenantId(UUID.randomUUID()),
                            new ProjectId(UUID.randomUUID()),
                            PrincipalKind.API_KEY,
                            "a key",
                            new ModelId(UUID.randomUUID()),
                            ModelName.of("acme/m"),
                            8,
                            Operation.INFER,
                            "a \"label\", é",
                            "AZngoAAAcACAAAAAAAAAAQ1z"),
                    9L,
                    new Media(10, 11));

    @Test
    void aShipmentIsReadBack() throws ReflectiveOperationException {
        assertThat(hasEverything(full)).isTrue();
        assertThat(hasEverything(full.call())).isTrue();
        assertThat(
                        JSON.readValue(
                                NodeRecordJson.shipment(List.of(bare, full)), ShipNodeUsage.class))
                .isEqualTo(new ShipNodeUsage(List.of(bare, full)));
    }

    @Test
    void aLineOfTheJournalIsReadBack() {
        for (JournalEntry entry :
                List.of(
                        new JournalEntry(JournalEntry.Kind.STARTED, 0, bare),
                        new JournalEntry(JournalEntry.Kind.FINISHED, 7, full),
                        new JournalEntry(JournalEntry.Kind.SHIPPED, 8, null))) {
            String line = new String(entry.toLine(), StandardCharsets.UTF_8);

            assertThat(line).endsWith("\n");
            assertThat(JournalEntry.fromLine(line.stripTrailing())).contains(entry);
        }
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
}
