package dev.atrium.registry.api.quota;

import java.time.Instant;
import java.util.List;

/**
 * In the order of the wishes; a wish about a policy that does not exist (any more) is left out.
 *
 * @param registryTime what calendar windows go by
 */
public record LeaseReply(Instant registryTime, List<LeaseState> leases) {
    public LeaseReply {
        leases = List.copyOf(leases);
    }
}
