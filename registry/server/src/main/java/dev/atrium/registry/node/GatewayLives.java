package dev.atrium.registry.node;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Whether a process of a gateway lives, as its heartbeats say. */
@Service
public class GatewayLives {
    private final JdbcClient platform;
    private final NodeProperties properties;
    private final Clock clock;

    GatewayLives(
            @Qualifier("platformJdbc") JdbcClient platform,
            NodeProperties properties,
            Clock clock) {
        this.platform = platform;
        this.properties = properties;
        this.clock = clock;
    }

    /** How many gateways live. */
    int count() {
        return platform.sql("SELECT count(*) FROM gateway WHERE last_seen_at > ?")
                .param(heardOfSince())
                .query(Integer.class)
                .single();
    }

    /** False for a life that another one of the same gateway has followed. */
    public boolean isAlive(UUID gateway, UUID incarnation) {
        return platform.sql(
                        """
                        SELECT EXISTS (SELECT FROM gateway
                                       WHERE id = ? AND incarnation = ? AND last_seen_at > ?)
                        """)
                .params(gateway, incarnation, heardOfSince())
                .query(Boolean.class)
                .single();
    }

    private OffsetDateTime heardOfSince() {
        return clock.instant().minus(properties.gatewaySilence()).atOffset(ZoneOffset.UTC);
    }
}
