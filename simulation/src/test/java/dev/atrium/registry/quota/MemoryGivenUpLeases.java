package dev.atrium.registry.quota;

import dev.atrium.registry.api.quota.Charge;
import dev.atrium.simulation.database.MemoryDatabase;
import java.util.Collection;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/** The twin of {@link GivenUpLeases}, whose rule is a statement of the database. */
public final class MemoryGivenUpLeases extends GivenUpLeases {
    private final MemoryDatabase database;

    public MemoryGivenUpLeases(MemoryDatabase database) {
        super(null);
        this.database = database;
    }

    @Override
    public Among among(UUID gateway, Collection<Charge> charges) {
        return new Among(
                charges.stream()
                        .map(Charge::leaseId)
                        .filter(Objects::nonNull)
                        .filter(lease -> database.givenUp.find(lease).isPresent())
                        .collect(Collectors.toUnmodifiableSet()));
    }
}
