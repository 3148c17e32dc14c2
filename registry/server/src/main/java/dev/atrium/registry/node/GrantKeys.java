package dev.atrium.registry.node;

import dev.atrium.registry.api.node.GrantKey;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.secret.MasterKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.LongStream;
import org.springframework.stereotype.Service;

/**
 * Keys by which gateways sign and nodes check grants. Derived from the master key, the node and the
 * number of a twelve-hour period, so every registry has them and none is stored. Nodes know the
 * next key before any gateway signs with it; the last one stays good for a while, because a gateway
 * hears of the new one with its next heartbeat only, or later when it is cut off.
 */
@Service
public class GrantKeys {
    static final Duration PERIOD = Duration.ofHours(12);

    /** Longer than a gateway serves without hearing from a registry. */
    static final Duration OVERLAP = Duration.ofMinutes(5);

    private final MasterKey masterKey;
    private final Clock clock;

    GrantKeys(MasterKey masterKey, Clock clock) {
        this.masterKey = masterKey;
        this.clock = clock;
    }

    /** What gateways sign with now. */
    public GrantKey current(NodeId node) {
        return key(node, period());
    }

    /** What a node accepts, newest first. */
    public List<GrantKey> accepted(NodeId node) {
        long period = period();
        return LongStream.of(period + 1, period, period - 1)
                .mapToObj(number -> key(node, number))
                .toList();
    }

    private long period() {
        return clock.instant().getEpochSecond() / PERIOD.toSeconds();
    }

    private GrantKey key(NodeId node, long period) {
        byte[] key = masterKey.derive("grant key of node " + node + " in period " + period);
        return new GrantKey(
                node,
                "p" + period,
                Base64.getUrlEncoder().withoutPadding().encodeToString(key),
                Instant.ofEpochSecond((period + 1) * PERIOD.toSeconds()).plus(OVERLAP));
    }
}
