package dev.atrium.registry.quota;

import dev.atrium.registry.api.quota.Charge;
import dev.atrium.simulation.database.MemoryDatabase;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** The twin of {@link GivenUpLeases}, whose rule is a statement of the database. */
public final class MemoryGivenUpLeases extends GivenUpLeases {
    private final MemoryDatabase database;

    public MemoryGivenUpLeases(MemoryDatabase database) {
        super(null);
        this.database = database;
    }

    @Override
    public Among among(UUID gateway, Collection<Charge> charges) {
        Map<UUID, Set<UUID>> kept = new HashMap<>();
        charges.stream()
                .map(Charge::leaseId)
                .filter(Objects::nonNull)
                .forEach(lease ->
                        database.givenUp.find(lease).ifPresent(row -> kept.put(lease, row.kept())));
        return new Among(kept);
    }
}
