package dev.atrium.node.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.GrantCodec;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.node.GrantKey;
import dev.atrium.registry.api.node.Join;
import dev.atrium.registry.api.node.Joined;
import dev.atrium.registry.api.node.NodeHeartbeat;
import dev.atrium.registry.api.node.NodeHeartbeatReply;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.node.RefusedFile;
import dev.atrium.registry.api.node.ReplicaReport;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.ShipNodeUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A registry's internal API over real HTTP, with what a test wants to be placed and a record of
 * what the node said.
 */
public final class FakeRegistry implements AutoCloseable {
    public static final String JOIN_TOKEN = "join-token-of-the-tests";
    private static final String GRANT_KEY =
            Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final UUID GATEWAY_ID = UUID.randomUUID();

    private final HttpServer server;
    private final NodeId nodeId = new NodeId(UUID.randomUUID());
    private volatile String credential = "atm_" + UUID.randomUUID();
    private final Map<String, byte[]> artifacts = new ConcurrentHashMap<>();
    private final Map<PlacementId, PlacementOrder> placements = new ConcurrentHashMap<>();
    private final Queue<NodeUsageRecord> usage = new ConcurrentLinkedQueue<>();
    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private final List<RefusedFile> refusedFiles = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final AtomicInteger refusedJoins = new AtomicInteger();
    private final AtomicInteger joins = new AtomicInteger();
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile @Nullable NodeHeartbeat lastHeartbeat;
    private volatile int cutNextArtifactAt = -1;
    private volatile int stallNextArtifactAt = -1;
    private volatile boolean refusesJoins;
    private volatile List<GrantKey> grantKeys = List.of();
    private volatile boolean down;

    private FakeRegistry(HttpServer server) {
        this.server = server;
    }

    public static FakeRegistry start() {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            FakeRegistry registry = new FakeRegistry(server);
            server.createContext("/internal/v1/", registry::answer);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return registry;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public NodeId nodeId() {
        return nodeId;
    }

    public int joins() {
        return joins.get();
    }

    public int refusedJoins() {
        return refusedJoins.get();
    }

    public int fetches() {
        return fetches.get();
    }

    /** {@code Range} headers of artifact requests, in order. */
    public List<String> ranges() {
        return List.copyOf(ranges);
    }

    /** What the node said it did not load, in order. */
    public List<RefusedFile> refusedFiles() {
        return List.copyOf(refusedFiles);
    }

    public List<NodeUsageRecord> usage() {
        return List.copyOf(usage);
    }

    public Optional<NodeUsageRecord> usageOf(Grant grant) {
        return usage.stream()
                .filter(record -> record.callId().equals(grant.callId()))
                .filter(record -> record.attempt() == grant.attempt())
                .findFirst();
    }

    /** Whether a heartbeat came since the start or since the registry was down. */
    public boolean isInTouch() {
        return lastHeartbeat != null;
    }

    public NodeHeartbeat lastHeartbeat() {
        NodeHeartbeat heartbeat = lastHeartbeat;
        if (heartbeat == null) {
            throw new IllegalStateException("no heartbeat yet");
        }
        return heartbeat;
    }

    public Optional<ReplicaReport> report(PlacementOrder order) {
        NodeHeartbeat heartbeat = lastHeartbeat;
        return heartbeat == null
                ? Optional.empty()
                : heartbeat.replicas().stream()
                        .filter(report -> report.placementId().equals(order.placementId()))
                        .findFirst();
    }

    /** While down every request is answered 503; what was reported before is forgotten. */
    public void setDown(boolean isDown) {
        down = isDown;
        lastHeartbeat = null;
    }

    /** The next artifact answer breaks off after so many bytes. */
    public void cutNextArtifactAt(int bytes) {
        cutNextArtifactAt = bytes;
    }

    /** The next artifact answer stops after so many bytes and stays open. */
    public void stallNextArtifactAt(int bytes) {
        stallNextArtifactAt = bytes;
    }

    /**
     * From now on the node's credential is unknown, as after a restore of the database.
     *
     * @return the credential, for {@link #know}
     */
    public String revokeCredential() {
        String revoked = credential;
        credential = "atm_" + UUID.randomUUID();
        lastHeartbeat = null;
        return revoked;
    }

    public void know(String known) {
        credential = known;
    }

    /** As a used join token is. */
    public void refuseJoins(boolean refuses) {
        refusesJoins = refuses;
    }

    /** The keys that heartbeats hand out beside the one that {@link #sign(Grant)} signs with. */
    public void setMoreGrantKeys(List<GrantKey> keys) {
        grantKeys = keys;
    }

    public ModelFile store(String name, byte[] content) {
        String digest = sha256(content);
        artifacts.put(digest, content);
        return new ModelFile(name, content.length, digest);
    }

    /** From now on other bytes are served under the digest. */
    public void corrupt(ModelFile file) {
        byte[] content = artifacts.get(file.sha256()).clone();
        content[content.length / 2] ^= 1;
        artifacts.put(file.sha256(), content);
    }

    public PlacementOrder place(
            Framework framework, Task task, VersionSettings settings, List<ModelFile> files) {
        return place(framework, task, Signature.UNKNOWN, settings, false, files);
    }

    public PlacementOrder place(
            Framework framework,
            Task task,
            Signature signature,
            VersionSettings settings,
            boolean platformOwned,
            List<ModelFile> files) {
        PlacementOrder order = order(framework, task, signature, settings, platformOwned, files);
        placements.put(order.placementId(), order);
        return order;
    }

    /** A tenant's one-file tensor model that is to be computed like this. */
    public PlacementOrder place(
            Framework framework, String file, byte[] content, Execution execution) {
        PlacementOrder order =
                order(
                                framework,
                                Task.TENSORS,
                                Signature.UNKNOWN,
                                VersionSettings.DEFAULT,
                                false,
                                List.of(store(file, content)))
                        .withExecution(execution);
        placements.put(order.placementId(), order);
        return order;
    }

    /** A tensor model that calls load, and that is unloaded after so long without one. */
    public PlacementOrder placeOnCall(int idleSeconds, List<ModelFile> files) {
        PlacementOrder order =
                order(
                                Framework.ONNX,
                                Task.TENSORS,
                                Signature.UNKNOWN,
                                VersionSettings.DEFAULT,
                                false,
                                files)
                        .staying(null, idleSeconds);
        placements.put(order.placementId(), order);
        return order;
    }

    private static PlacementOrder order(
            Framework framework,
            Task task,
            Signature signature,
            VersionSettings settings,
            boolean platformOwned,
            List<ModelFile> files) {
        String name = "m" + UUID.randomUUID().toString().substring(0, 8);
        return new PlacementOrder(
                new PlacementId(UUID.randomUUID()),
                new ModelVersionId(UUID.randomUUID()),
                new TenantId(UUID.randomUUID()),
                platformOwned,
                new ModelName("acme", name),
                3,
                task,
                framework,
                signature,
                settings,
                files,
                null,
                null,
                null);
    }

    /** From now on the node may unload it for another, or may not. */
    public void setPinned(PlacementOrder order, boolean pinned) {
        placements.put(order.placementId(), order.staying(pinned, order.idleSeconds()));
    }

    /** From now on calls load it, and it is unloaded after so long without one; 0 for never. */
    public void setIdleSeconds(PlacementOrder order, int seconds) {
        placements.put(order.placementId(), order.staying(order.pinned(), seconds));
    }

    /** From now on it is to be computed like this. */
    public void setExecution(PlacementOrder order, Execution execution) {
        placements.put(order.placementId(), order.withExecution(execution));
    }

    /** The same version once more, as another placement. */
    public PlacementOrder placeAgain(PlacementOrder before) {
        PlacementOrder order =
                new PlacementOrder(
                        new PlacementId(UUID.randomUUID()),
                        before.versionId(),
                        before.tenantId(),
                        before.platformOwned(),
                        before.model(),
                        before.version(),
                        before.task(),
                        before.framework(),
                        before.signature(),
                        before.settings(),
                        before.files(),
                        before.pinned(),
                        before.idleSeconds(),
                        before.execution());
        placements.put(order.placementId(), order);
        return order;
    }

    public void remove(PlacementOrder order) {
        placements.remove(order.placementId());
    }

    public Grant grant(PlacementOrder order, Operation operation) {
        Instant now = Instant.now();
        return new Grant(
                UUID.randomUUID(),
                1,
                nodeId.value(),
                order.tenantId().value(),
                UUID.randomUUID(),
                "API_KEY",
                "tests",
                UUID.randomUUID(),
                order.model().toString(),
                order.versionId().value(),
                order.version(),
                operation.name(),
                now,
                now.plusSeconds(60),
                20_000,
                null,
                GATEWAY_ID,
                "cost-centre",
                "AZngoAAAcACAAAAAAAAAAQ1z");
    }

    public String sign(Grant grant) {
        return GrantCodec.sign(grant, "k1", GRANT_KEY);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().replace("/internal/v1", "");
            if (down) {
                exchange.sendResponseHeaders(503, -1);
            } else if (path.equals("/join")) {
                join(exchange);
            } else if (!("Bearer " + credential)
                    .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
            } else if (path.equals("/nodes/heartbeat")) {
                heartbeat(exchange);
            } else if (path.equals("/nodes/usage")) {
                ship(exchange);
            } else if (path.startsWith("/artifacts/")) {
                artifact(exchange, path.substring("/artifacts/".length()));
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private void join(HttpExchange exchange) throws IOException {
        Join join = JSON.readValue(exchange.getRequestBody().readAllBytes(), Join.class);
        if (refusesJoins || !join.joinToken().equals(JOIN_TOKEN)) {
            refusedJoins.incrementAndGet();
            exchange.sendResponseHeaders(401, -1);
            return;
        }
        joins.incrementAndGet();
        reply(exchange, new Joined(nodeId.value(), credential, Instant.now()));
    }

    private void heartbeat(HttpExchange exchange) throws IOException {
        NodeHeartbeat heartbeat =
                JSON.readValue(exchange.getRequestBody().readAllBytes(), NodeHeartbeat.class);
        lastHeartbeat = heartbeat;
        refusedFiles.addAll(Objects.requireNonNull(heartbeat.refusedFiles()));
        List<GrantKey> keys = new ArrayList<>(grantKeys);
        keys.add(new GrantKey(nodeId, "k1", GRANT_KEY, Instant.now().plusSeconds(3600)));
        reply(
                exchange,
                new NodeHeartbeatReply(
                        Instant.now(), null, keys, new ArrayList<>(placements.values())));
    }

    private void ship(HttpExchange exchange) throws IOException {
        ShipNodeUsage batch =
                JSON.readValue(exchange.getRequestBody().readAllBytes(), ShipNodeUsage.class);
        usage.addAll(batch.records());
        reply(exchange, Map.of("accepted", batch.records().size()));
    }

    private void artifact(HttpExchange exchange, String digest) throws IOException {
        byte[] content = artifacts.get(digest);
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        fetches.incrementAndGet();
        // A part is only of use to who knows of what.
        boolean isKnown =
                ("\"" + digest + "\"").equals(exchange.getRequestHeaders().getFirst("If-Range"));
        String range = isKnown ? exchange.getRequestHeaders().getFirst("Range") : null;
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        ranges.add(String.valueOf(range));
        int length = content.length - from;
        if (range != null) {
            String part = "bytes " + from + "-" + (content.length - 1) + "/" + content.length;
            exchange.getResponseHeaders().set("Content-Range", part);
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, length);
        int stall = stallNextArtifactAt;
        stallNextArtifactAt = -1;
        if (stall >= 0) {
            exchange.getResponseBody().write(content, from, stall);
            exchange.getResponseBody().flush();
            stopped.join();
        }
        int cut = cutNextArtifactAt;
        cutNextArtifactAt = -1;
        exchange.getResponseBody().write(content, from, cut < 0 ? length : Math.min(cut, length));
        if (cut >= 0) {
            // A client may drop what it has received and not read when the connection ends.
            exchange.getResponseBody().flush();
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }

    private static void reply(HttpExchange exchange, Object body) throws IOException {
        byte[] json = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, json.length);
        exchange.getResponseBody().write(json);
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stopped.complete(null);
        server.stop(0);
    }
}
