package dev.atrium.registry.api.pricing;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Names one price list; a UUIDv7. */
public record PriceListId(@JsonValue UUID value) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public PriceListId {}

    @Override
    public String toString() {
        return value.toString();
    }
}
