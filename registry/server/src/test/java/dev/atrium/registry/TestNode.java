package dev.atrium.registry;

import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.CreateJoinToken;
import dev.atrium.registry.api.node.Join;
import dev.atrium.registry.api.node.JoinToken;
import dev.atrium.registry.api.node.Joined;
import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.api.node.NodeCapacity;
import dev.atrium.registry.api.node.NodeHeartbeat;
import dev.atrium.registry.api.node.NodeHeartbeatReply;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.node.RefusedFile;
import dev.atrium.registry.api.node.ReplicaReport;
import dev.atrium.registry.api.node.WallLevel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A node that joined and says in its heartbeats whatever a test wants it to say. */
public final class TestNode {
    private final RegistryClient internal;
    private final Joined joined;
    private final long memoryBytes;
    private final String url;
    private final Map<PlacementId, ReplicaReport> reports = new LinkedHashMap<>();
    private final List<RefusedFile> refused = new ArrayList<>();
    private @Nullable List<String> devices;
    private Instant shippedThrough = Instant.EPOCH;

    private TestNode(RegistryClient internal, Joined joined, long memoryBytes, String url) {
        this.internal = internal;
        this.joined = joined;
        this.memoryBytes = memoryBytes;
        this.url = url;
    }

    /** Joins under a fresh name. */
    public static TestNode join(
            RegistryClient http, RegistryClient internal, String operatorToken, long memoryBytes) {
        String name = "node-" + UUID.randomUUID();
        String url = "http://" + name + ".test:8083";
        Join join =
                new Join(
                        token(http, operatorToken, MemberRole.NODE),
                        MemberRole.NODE,
                        name,
                        url,
                        new NodeCapacity(2, memoryBytes, "none", WallLevel.NONE));
        Joined joined = internal.post("/internal/v1/join", "none", join).as(Joined.class);
        return new TestNode(internal, joined, memoryBytes, url);
    }

    /**
     * A gateway under a fresh name.
     *
     * @return its credential
     */
    public static String joinGateway(
            RegistryClient http, RegistryClient internal, String operatorToken) {
        Join join =
                new Join(
                        token(http, operatorToken, MemberRole.GATEWAY),
                        MemberRole.GATEWAY,
                        "gateway-" + UUID.randomUUID(),
                        null,
                        null);
        return internal.post("/internal/v1/join", "none", join).as(Joined.class).credential();
    }

    public static String token(RegistryClient http, String operatorToken, MemberRole role) {
        return http.post(
                        "/api/v1/admin/join-tokens", operatorToken, new CreateJoinToken(role, null))
                .as(JoinToken.class)
                .token();
    }

    public NodeId id() {
        return new NodeId(joined.memberId());
    }

    public String credential() {
        return joined.credential();
    }

    public String url() {
        return url;
    }

    public TestNode reports(PlacementId placement, ReplicaState state) {
        return reports(new ReplicaReport(placement, state, null, 1_000, null));
    }

    public TestNode reports(PlacementId placement, ReplicaState state, @Nullable Signature known) {
        return reports(new ReplicaReport(placement, state, null, 1_000, known));
    }

    /** READY, with a word on how it computes. */
    public TestNode isReady(PlacementId placement, String remark) {
        return reports(new ReplicaReport(placement, ReplicaState.READY, remark, 1_000, null));
    }

    public TestNode waits(PlacementId placement, String reason) {
        return reports(new ReplicaReport(placement, ReplicaState.PENDING, reason, 0, null));
    }

    public TestNode fails(PlacementId placement, String reason) {
        return reports(new ReplicaReport(placement, ReplicaState.FAILED, reason, 0, null));
    }

    private TestNode reports(ReplicaReport report) {
        reports.put(report.placementId(), report);
        return this;
    }

    /** From now on in every heartbeat. */
    public TestNode has(String... others) {
        devices = List.of(others);
        return this;
    }

    /** From now on in every heartbeat. */
    public TestNode refuses(String sha256, RefusedFile.Origin origin) {
        refused.add(new RefusedFile(sha256, origin));
        return this;
    }

    /** As after a restart. */
    public TestNode forgetsEverything() {
        reports.clear();
        return this;
    }

    public TestNode shippedThrough(Instant instant) {
        shippedThrough = instant;
        return this;
    }

    public List<PlacementOrder> beat() {
        Answer answer =
                internal.post(
                        "/internal/v1/nodes/heartbeat",
                        credential(),
                        new NodeHeartbeat(
                                url,
                                new NodeCapacity(2, memoryBytes, "none", WallLevel.NONE, devices),
                                0,
                                0,
                                List.copyOf(reports.values()),
                                shippedThrough,
                                List.copyOf(refused)));
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.text());
        }
        return answer.as(NodeHeartbeatReply.class).placements();
    }
}
