package dev.atrium.registry.api.quota;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Names one request for more of a quota; a UUIDv7. */
public record QuotaRequestId(@JsonValue UUID value) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public QuotaRequestId {}

    @Override
    public String toString() {
        return value.toString();
    }
}
