package dev.atrium.registry.quota;

import dev.atrium.registry.api.quota.Charge;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Leases that were ended with their lost gateway, so that what they held is somebody else's. A call
 * that had reserved of one and becomes known only now must be charged nothing, or the quota would
 * be overspent.
 *
 * <p>Whoever posts calls of a gateway asks first, and nothing that its calls had reserved is freed
 * until the posting is committed: it either finds a lease given up or takes its units out of it
 * before. Whoever frees it holds the gateway meanwhile.
 *
 * @see "docs/adr/0012-lost-gateways.md"
 */
@Service
public class GivenUpLeases {
    /** Those of some calls' leases that were given up. */
    public record Among(Set<UUID> leases) {
        /** Whether the call of these charges had reserved of one. */
        public boolean holds(List<Charge> charges) {
            return charges.stream().anyMatch(this::isOf);
        }

        /** As charges are settled: what they had reserved of such a lease is free already. */
        public List<Charge> settling(List<Charge> charges) {
            return charges.stream()
                    .map(charge -> isOf(charge) ? Settlements.withoutReservation(charge) : charge)
                    .toList();
        }

        private boolean isOf(Charge charge) {
            return charge.leaseId() != null && leases.contains(charge.leaseId());
        }
    }

    private final JdbcClient platform;

    GivenUpLeases(@Qualifier("platformJdbc") JdbcClient platform) {
        this.platform = platform;
    }

    /**
     * In the caller's transaction, before it locks any row. Many may ask at once.
     *
     * @param gateway whose calls they are
     */
    public Among among(UUID gateway, Collection<Charge> charges) {
        // A statement of its own: the next one's snapshot must be younger than the lock.
        lock("SELECT pg_advisory_xact_lock_shared(hashtextextended(?, 4713))", gateway);
        UUID[] leases =
                charges.stream()
                        .map(Charge::leaseId)
                        .filter(Objects::nonNull)
                        .distinct()
                        .toArray(UUID[]::new);
        return new Among(
                Set.copyOf(
                        platform.sql(
                                        "SELECT lease_id FROM quota_lease_given_up"
                                                + " WHERE lease_id = ANY (?)")
                                .param(leases)
                                .query(UUID.class)
                                .list()));
    }

    /**
     * Waits until no call of the gateway is being posted; none is until the transaction ends, and
     * nobody else frees what its calls had reserved. Before the transaction locks any row.
     */
    public void hold(UUID gateway) {
        lock("SELECT pg_advisory_xact_lock(hashtextextended(?, 4713))", gateway);
    }

    private void lock(String how, UUID gateway) {
        platform.sql(how).param(gateway.toString()).query().singleRow();
    }
}
