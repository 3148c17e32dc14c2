package dev.atrium.registry.quota;

import dev.atrium.registry.api.quota.Charge;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Leases of which what nobody had told of was freed, with their lost gateway or when its next life
 * had shipped all it knew, so that it is somebody else's. A call that had reserved of one and
 * becomes known only now must be charged nothing, or the quota would be overspent.
 *
 * <p>Whoever posts calls of a gateway asks first, and nothing that its calls had reserved is freed
 * until the posting is committed: it either finds a lease given up or takes its units out of it
 * before. Whoever frees it holds the gateway meanwhile.
 *
 * @see "docs/adr/0012-lost-gateways.md"
 */
@Service
public class GivenUpLeases {
    /**
     * Those of some calls' leases that were given up.
     *
     * @param kept by lease the calls that keep what they had reserved: their gateway had shipped
     *     them as open
     */
    public record Among(Map<UUID, Set<UUID>> kept) {
        public static final Among NONE = new Among(Map.of());

        /** Whether something that the call of these charges had reserved was freed. */
        public boolean holds(UUID call, List<Charge> charges) {
            return charges.stream().anyMatch(charge -> isOf(call, charge));
        }

        /** As charges are settled: what they had reserved of such a lease is free already. */
        public List<Charge> settling(UUID call, List<Charge> charges) {
            return charges.stream()
                    .map(charge ->
                            isOf(call, charge) ? Settlements.withoutReservation(charge) : charge)
                    .toList();
        }

        private boolean isOf(UUID call, Charge charge) {
            UUID lease = charge.leaseId();
            Set<UUID> keeping = lease == null ? null : kept.get(lease);
            return keeping != null && !keeping.contains(call);
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
        Map<UUID, Set<UUID>> kept = new HashMap<>();
        platform.sql("SELECT lease_id, kept FROM quota_lease_given_up WHERE lease_id = ANY (?)")
                .param(leases)
                .query(row -> {
                    UUID[] calls = (UUID[]) row.getArray("kept").getArray();
                    kept.put(row.getObject("lease_id", UUID.class), Set.copyOf(List.of(calls)));
                });
        return new Among(kept);
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
