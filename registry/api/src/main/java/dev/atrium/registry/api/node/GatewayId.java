package dev.atrium.registry.api.node;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Names one gateway; a UUIDv7. */
public record GatewayId(@JsonValue UUID value) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public GatewayId {}

    public static GatewayId of(String text) {
        return new GatewayId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
