package dev.atrium.registry.api.quota;

import java.util.List;
import java.util.UUID;

/**
 * {@code POST /internal/v1/leases}. At most 500 wishes.
 *
 * @param incarnation this life of the gateway's process; leases belong to it
 * @param formerLivesShipped everything that former lives of this gateway journalled has been
 *     shipped, so what they held and did not use is free
 */
public record LeaseRequest(UUID incarnation, boolean formerLivesShipped, List<LeaseWish> wishes) {
    public LeaseRequest {
        wishes = List.copyOf(wishes);
    }
}
