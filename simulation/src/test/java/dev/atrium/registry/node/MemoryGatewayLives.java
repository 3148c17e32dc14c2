package dev.atrium.registry.node;

import dev.atrium.simulation.Settings;
import dev.atrium.simulation.database.MemoryDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** The twin of {@link GatewayLives}, whose rule is a statement of the database. */
public final class MemoryGatewayLives extends GatewayLives {
    private final MemoryDatabase database;
    private final Duration silence;
    private final Clock clock;

    public MemoryGatewayLives(MemoryDatabase database, Clock clock) {
        super(null, null, null);
        this.database = database;
        this.silence =
                Settings.of(NodeProperties.class, "atrium.registry.node", Map.of())
                        .gatewaySilence();
        this.clock = clock;
    }

    @Override
    public boolean isAlive(UUID gateway, UUID incarnation) {
        return database.gateways
                .find(gateway)
                .filter(row -> row.incarnation().equals(incarnation))
                .filter(row -> row.lastSeenAt().isAfter(clock.instant().minus(silence)))
                .isPresent();
    }
}
