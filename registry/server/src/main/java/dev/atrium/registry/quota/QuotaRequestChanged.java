package dev.atrium.registry.quota;

import dev.atrium.registry.api.quota.QuotaRequest;
import java.time.Instant;
import java.util.UUID;

/**
 * Somebody asked for more of a quota, or it was decided. Published in the transaction that does so.
 *
 * @param id of the event, not of the request
 */
public record QuotaRequestChanged(UUID id, Kind kind, QuotaRequest request, Instant at) {
    /** What happened to it. */
    public enum Kind {
        OPENED,
        DECIDED,
        /** A temporary raise is over. */
        RAISE_ENDED
    }
}
