package dev.atrium.registry.api.pricing;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Names one price, which never changes; a UUIDv7. */
public record PriceId(@JsonValue UUID value) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public PriceId {}

    @Override
    public String toString() {
        return value.toString();
    }
}
