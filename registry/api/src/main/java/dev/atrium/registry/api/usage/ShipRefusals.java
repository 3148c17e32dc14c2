package dev.atrium.registry.api.usage;

import java.util.List;
import java.util.UUID;

/**
 * {@code POST /internal/v1/calls/refused}: what a gateway refused lately. Idempotent; at most 1,000
 * of each kind.
 *
 * @param incarnation the life of the gateway's process that counted
 * @param refused one by one
 * @param unlisted all that this incarnation has counted so far in each of these minutes
 */
public record ShipRefusals(
        UUID incarnation, List<RefusedCall> refused, List<UnlistedRefusals> unlisted) {
    public static final int MOST = 1_000;

    public ShipRefusals {
        refused = List.copyOf(refused);
        unlisted = List.copyOf(unlisted);
    }
}
