package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.ShipUsage;
import dev.atrium.registry.api.usage.UsageRecord;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ShipmentTests {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void isWhatTheRegistryReads() {
        List<OpenCall> calls = Stream.generate(UUID::randomUUID).limit(4).map(Calls::open).toList();
        List<UsageRecord> settled = calls.subList(0, 2).stream().map(Calls::settled).toList();

        Shipment shipment =
                new Shipment(
                        settled.stream().map(JSON::writeValueAsBytes).toList(),
                        calls.subList(2, 4));

        assertThat(JSON.readValue(shipment.json(), ShipUsage.class))
                .isEqualTo(new ShipUsage(settled, calls.subList(2, 4)));
        assertThat(shipment.size()).isEqualTo(4);
    }

    @Test
    void mayBeOneCall() {
        OpenCall call = Calls.open(UUID.randomUUID());
        byte[] settled = JSON.writeValueAsBytes(Calls.settled(call));

        Shipment ended = new Shipment(List.of(settled), List.of());
        Shipment orphan = new Shipment(List.of(), List.of(call));

        assertThat(JSON.readValue(ended.json(), ShipUsage.class))
                .isEqualTo(new ShipUsage(List.of(Calls.settled(call)), List.of()));
        assertThat(ended.onlyCall()).isEqualTo(settled);
        assertThat(JSON.readValue(orphan.json(), ShipUsage.class))
                .isEqualTo(new ShipUsage(List.of(), List.of(call)));
        assertThat(JSON.readValue(orphan.onlyCall(), OpenCall.class)).isEqualTo(call);
    }
}
