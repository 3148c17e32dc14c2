package dev.atrium.registry.node;

import dev.atrium.registry.api.node.GatewayHeartbeat;
import dev.atrium.registry.api.node.GatewayHeartbeatReply;
import dev.atrium.registry.api.node.GrantKey;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.machine.Machine;
import dev.atrium.registry.machine.MachineCredentials;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Heartbeats of gateways. */
@Component
class GatewayService {
    private final JdbcClient platform;
    private final GrantKeys keys;
    private final MachineCredentials credentials;
    private final GatewayLives lives;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    GatewayService(
            @Qualifier("platformJdbc") JdbcClient platform,
            GrantKeys keys,
            MachineCredentials credentials,
            GatewayLives lives,
            ApplicationEventPublisher events,
            Clock clock) {
        this.platform = platform;
        this.keys = keys;
        this.credentials = credentials;
        this.lives = lives;
        this.events = events;
        this.clock = clock;
    }

    GatewayHeartbeatReply beat(Machine gateway, GatewayHeartbeat heartbeat) {
        if (heartbeat.incarnation() != null) {
            events.publishEvent(new GatewayHeard(gateway.id(), heartbeat.incarnation()));
        }
        platform.sql(
                        """
                        UPDATE gateway SET feed_revision = :revision, open_calls = :open,
                            unshipped_records = :unshipped, incarnation = :incarnation,
                            last_seen_at = :now
                        WHERE id = :id
                        """)
                .param("revision", heartbeat.feedRevision())
                .param("open", heartbeat.openCalls())
                .param("unshipped", heartbeat.unshippedRecords())
                .param("incarnation", heartbeat.incarnation())
                .param("now", NodeService.atUtc(clock.instant()))
                .param("id", gateway.id())
                .update();
        return new GatewayHeartbeatReply(
                clock.instant(),
                credentials.rotate(gateway).orElse(null),
                grantKeys(),
                gateway.id(),
                lives.count());
    }

    private List<GrantKey> grantKeys() {
        return platform
                .sql("SELECT id FROM node ORDER BY id")
                .query((row, number) -> new NodeId(row.getObject("id", UUID.class)))
                .list()
                .stream()
                .map(keys::current)
                .toList();
    }
}
