package dev.atrium.gateway.registry;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.node.api.GrantSigner;
import dev.atrium.registry.api.node.GatewayHeartbeat;
import dev.atrium.registry.api.node.GatewayHeartbeatReply;
import dev.atrium.registry.api.node.GrantKey;
import dev.atrium.registry.api.node.Join;
import dev.atrium.registry.api.node.Joined;
import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.api.node.NodeId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/** Joins the registry, keeps the gateway alive there, and holds the current grant keys. */
@Component
public class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final int UNAUTHORIZED = 401;

    private final RegistryProperties properties;
    private final RegistryClient registry;
    private final Credential credential;
    private final Clock clock;
    private final UUID incarnation = UUID.randomUUID();
    private final Semaphore wanted = new Semaphore(0);

    private final LivingGateways living;

    private volatile boolean joined;
    private volatile @Nullable UUID gatewayId;
    private volatile Map<NodeId, NodeKey> grantKeys = Map.of();
    private volatile long feedRevision;
    private volatile Supplier<JournalState> journalState = () -> new JournalState(0, 0);

    Membership(
            RegistryProperties properties,
            RegistryClient registry,
            Credential credential,
            Clock clock,
            MonotonicClock monotonicClock) {
        this.living = new LivingGateways(monotonicClock);
        this.properties = properties;
        this.registry = registry;
        this.credential = credential;
        this.clock = clock;
    }

    /** What the journal still holds, as heartbeats report it. */
    public record JournalState(long openCalls, long unshippedRecords) {}

    /** Whether the registry has answered a heartbeat of this process. */
    public boolean isJoined() {
        return joined;
    }

    /** This life of the gateway's process. */
    public UUID incarnation() {
        return incarnation;
    }

    /** Who this gateway is; null until the first heartbeat is answered. */
    public @Nullable UUID gatewayId() {
        return gatewayId;
    }

    /** How many gateways there are, this one included; 0 until a registry has told. */
    public int gateways() {
        return living.count();
    }

    /** A key made ready. */
    private record NodeKey(GrantKey key, GrantSigner signer) {
        static NodeKey of(GrantKey key) {
            return new NodeKey(key, new GrantSigner(key.keyId(), key.key()));
        }
    }

    /** What signs grants for this node now; null until a heartbeat brings its key. */
    public @Nullable GrantSigner grantSigner(NodeId node) {
        NodeKey known = grantKeys.get(node);
        return known == null || known.key().notAfter().isBefore(clock.instant())
                ? null
                : known.signer();
    }

    /** Asks for keys at once when the feed names a node that has none yet. */
    public void requireGrantKey(NodeId node) {
        if (grantSigner(node) == null) {
            wanted.release();
        }
    }

    public void reportFeedRevision(long revision) {
        feedRevision = revision;
    }

    public void reportJournal(Supplier<JournalState> state) {
        journalState = state;
    }

    @Bean
    BackgroundLoop heartbeatLoop() {
        return new BackgroundLoop("heartbeat", this::beat);
    }

    private Duration beat() throws InterruptedException {
        if (credential.current().isEmpty()) {
            join();
        }
        try {
            JournalState journal = journalState.get();
            accept(
                    registry.post(
                            "/internal/v1/gateways/heartbeat",
                            new GatewayHeartbeat(
                                    feedRevision,
                                    journal.openCalls(),
                                    journal.unshippedRecords(),
                                    incarnation),
                            GatewayHeartbeatReply.class));
        } catch (RegistryException.Refused e) {
            if (e.status() == UNAUTHORIZED && hasJoinToken()) {
                LOG.warn("the registry does not know this gateway's credential; joining again");
                credential.discard();
            }
            throw e;
        }
        return pauseUnlessWanted();
    }

    private void join() throws InterruptedException {
        if (!hasJoinToken()) {
            throw new IllegalStateException(
                    "this gateway has no stored credential; set ATRIUM_GATEWAY_JOIN_TOKEN to a"
                            + " fresh join token");
        }
        Join join =
                new Join(
                        String.valueOf(properties.joinToken()),
                        MemberRole.GATEWAY,
                        name(),
                        null,
                        null);
        Joined answer = registry.post("/internal/v1/join", join, Joined.class);
        credential.replace(answer.credential());
        LOG.info("joined the registry as gateway {} ({})", join.name(), answer.memberId());
        warnAboutClock(answer.registryTime());
    }

    private void accept(GatewayHeartbeatReply reply) {
        if (reply.newCredential() != null) {
            credential.replace(reply.newCredential());
        }
        grantKeys =
                reply.grantKeys().stream()
                        .collect(Collectors.toUnmodifiableMap(GrantKey::nodeId, NodeKey::of));
        gatewayId = reply.gatewayId();
        // A former registry shares nothing, so it is as if each gateway was alone.
        living.heard(reply.gateways() == null ? 1 : reply.gateways());
        joined = true;
    }

    /** Grants and tokens carry times with 30 s of skew: a wrong clock would refuse every call. */
    private void warnAboutClock(Instant registryTime) {
        Duration offset = Duration.between(clock.instant(), registryTime).abs();
        if (offset.compareTo(Duration.ofSeconds(10)) > 0) {
            LOG.warn(
                    "this machine's clock is {} s away from the registry's; calls fail beyond 30 s",
                    offset.toSeconds());
        }
    }

    private Duration pauseUnlessWanted() throws InterruptedException {
        if (wanted.tryAcquire(properties.heartbeatInterval().toMillis(), TimeUnit.MILLISECONDS)) {
            wanted.drainPermits();
            // A new node's first key may need a moment in the registry: do not spin.
            return Duration.ofMillis(50);
        }
        return Duration.ZERO;
    }

    private boolean hasJoinToken() {
        return properties.joinToken() != null && !properties.joinToken().isBlank();
    }

    private String name() {
        if (properties.name() != null && !properties.name().isBlank()) {
            return properties.name();
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("set ATRIUM_GATEWAY_NAME: this host has no name", e);
        }
    }
}
