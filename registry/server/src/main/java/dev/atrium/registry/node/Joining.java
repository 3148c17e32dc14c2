package dev.atrium.registry.node;

import dev.atrium.registry.api.node.Join;
import dev.atrium.registry.api.node.Joined;
import dev.atrium.registry.api.node.NodeCapacity;
import dev.atrium.registry.api.node.WallLevel;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.machine.MachineCredentials;
import java.net.URI;
import java.time.Clock;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Turns a one-use token into a member with a credential. */
@Component
class Joining {
    private static final int MAX_NAME = 200;

    private final JdbcClient platform;
    private final JoinTokens tokens;
    private final MachineCredentials credentials;
    private final AuditLog audit;
    private final Clock clock;

    Joining(
            @Qualifier("platformJdbc") JdbcClient platform,
            JoinTokens tokens,
            MachineCredentials credentials,
            AuditLog audit,
            Clock clock) {
        this.platform = platform;
        this.tokens = tokens;
        this.credentials = credentials;
        this.audit = audit;
        this.clock = clock;
    }

    /** A second join under a name takes the name over: earlier credentials stop. */
    @Transactional("platformTransactionManager")
    public Joined join(Join wish) {
        String name = wish.name().strip();
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new InvalidRequestException("'name' must have 1 to " + MAX_NAME + " characters");
        }
        UUID id =
                switch (wish.role()) {
                    case GATEWAY -> gateway(name);
                    case NODE -> node(name, checkedUrl(wish.url()), checked(wish.capacity()));
                };
        tokens.use(wish.joinToken(), wish.role(), id);
        String credential = credentials.issue(wish.role(), id);
        audit.record(
                "member.joined", wish.role().name().toLowerCase(Locale.ROOT) + ":" + name, null);
        return new Joined(id, credential, clock.instant());
    }

    private UUID gateway(String name) {
        return platform.sql(
                        """
                        INSERT INTO gateway (name) VALUES (?)
                        ON CONFLICT (name) DO UPDATE SET joined_at = now(), last_seen_at = now()
                        RETURNING id
                        """)
                .param(name)
                .query((row, number) -> row.getObject("id", UUID.class))
                .single();
    }

    private UUID node(String name, String url, NodeCapacity capacity) {
        return platform.sql(
                        """
                        INSERT INTO node (name, url, cpus, memory_bytes, sandbox, wall, devices)
                        VALUES (?, ?, ?, ?, ?, nullif(?, ''), string_to_array(?, ','))
                        ON CONFLICT (name) DO UPDATE
                            SET url = excluded.url, cpus = excluded.cpus, sandbox = excluded.sandbox,
                                memory_bytes = excluded.memory_bytes, wall = excluded.wall,
                                devices = excluded.devices,
                                joined_at = now(),
                                last_seen_at = now(), alive = true
                        RETURNING id
                        """)
                .params(
                        name,
                        url,
                        capacity.cpus(),
                        capacity.memoryBytes(),
                        capacity.sandbox(),
                        name(capacity.wall()),
                        NodeDevices.write(capacity))
                .query((row, number) -> row.getObject("id", UUID.class))
                .single();
    }

    /** Empty from nodes that do not say. */
    static String name(@Nullable WallLevel wall) {
        return wall == null ? "" : wall.name();
    }

    static NodeCapacity checked(@Nullable NodeCapacity capacity) {
        if (capacity == null || capacity.cpus() < 1 || capacity.memoryBytes() < 0) {
            throw new InvalidRequestException(
                    "'capacity' must say how many CPUs (at least 1) and bytes of memory there are");
        }
        return capacity;
    }

    static String checkedUrl(@Nullable String url) {
        try {
            URI address = URI.create(url == null ? "" : url);
            boolean http =
                    "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            if (http && address.getHost() != null && address.getUserInfo() == null) {
                return address.toString();
            }
        } catch (IllegalArgumentException malformed) {
            throw wrongUrl();
        }
        throw wrongUrl();
    }

    private static InvalidRequestException wrongUrl() {
        return new InvalidRequestException(
                "'url' must say where gateways reach the node, such as http://node-1:8083");
    }
}
