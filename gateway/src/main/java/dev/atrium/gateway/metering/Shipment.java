package dev.atrium.gateway.metering;

import dev.atrium.registry.api.usage.OpenCall;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls on their way to the registry.
 *
 * @param settled ended calls as the journal wrote them, which costs less than to read each and
 *     write it again
 * @param orphans calls that a former life left open
 */
record Shipment(List<byte[]> settled, List<OpenCall> orphans) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    int size() {
        return settled.size() + orphans.size();
    }

    /** The JSON of a {@link dev.atrium.registry.api.usage.ShipUsage}. */
    byte[] json() {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        json.writeBytes("{\"settled\":[".getBytes(StandardCharsets.US_ASCII));
        boolean first = true;
        for (byte[] record : settled) {
            if (!first) {
                json.write(',');
            }
            first = false;
            json.writeBytes(record);
        }
        json.writeBytes("],\"orphans\":".getBytes(StandardCharsets.US_ASCII));
        json.writeBytes(JSON.writeValueAsBytes(orphans));
        json.write('}');
        return json.toByteArray();
    }

    /** The JSON of the only call. */
    byte[] onlyCall() {
        return settled.isEmpty() ? JSON.writeValueAsBytes(orphans.getFirst()) : settled.getFirst();
    }
}
