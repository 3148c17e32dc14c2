package dev.atrium.gateway.testing;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.atrium.registry.api.feed.FeedEntry;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPage;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.idempotency.ClaimKey;
import dev.atrium.registry.api.idempotency.ClaimReply;
import dev.atrium.registry.api.idempotency.KeyOutcomes;
import dev.atrium.registry.api.idempotency.KeyOutcomesReply;
import dev.atrium.registry.api.node.GatewayHeartbeat;
import dev.atrium.registry.api.node.GatewayHeartbeatReply;
import dev.atrium.registry.api.node.GrantKey;
import dev.atrium.registry.api.node.Join;
import dev.atrium.registry.api.node.Joined;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.quota.LeaseRequest;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.RecallPage;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.ShipRefusals;
import dev.atrium.registry.api.usage.ShipRefusalsReply;
import dev.atrium.registry.api.usage.ShipUsage;
import dev.atrium.registry.api.usage.ShipUsageReply;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSums;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small real server that speaks the registry's internal API: join, heartbeat, feed with long
 * polls, JWKS, leases and an idempotent ledger. It can be slow, refuse, or be gone.
 */
public final class FakeRegistry implements AutoCloseable {
    private static final long SILENCE_NANOS = 5_000_000_000L;

    public static final String JOIN_TOKEN = "join-me";
    public static final UUID GATEWAY_ID = UUID.randomUUID();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final RSAKey FIRST_SIGNING_KEY =
            new TokenIssuer("https://atrium.example", "first").key();

    private final HttpServer server;

    /** By revision: a world of a million keys is read in a thousand pages. */
    private final NavigableMap<Long, FeedEntry> entries = new TreeMap<>();

    private final Map<String, Long> revisions = new HashMap<>();
    private final Map<NodeId, GrantKey> grantKeys = new ConcurrentHashMap<>();
    private final Map<UUID, UsageRecord> ledger = new ConcurrentHashMap<>();
    private final Map<UUID, OpenCall> orphans = new ConcurrentHashMap<>();
    private final Map<UUID, RefusedCall> refused = new ConcurrentHashMap<>();
    private final Map<List<Object>, Long> unlisted = new ConcurrentHashMap<>();
    private final List<GatewayHeartbeat> heartbeats = new CopyOnWriteArrayList<>();
    private final List<RSAKey> signingKeys = new CopyOnWriteArrayList<>();
    private final List<String> usageQuestions = new CopyOnWriteArrayList<>();
    private volatile UsageSums usageSums = new UsageSums(List.of(), true);
    private volatile Semaphore usageGate = new Semaphore(1);
    private final FakeQuotas quotas = new FakeQuotas();
    private final FakeKeys keys = new FakeKeys();
    private final AtomicInteger jwksFetches = new AtomicInteger();
    private final AtomicInteger joins = new AtomicInteger();
    private final AtomicInteger duplicates = new AtomicInteger();
    private final AtomicInteger usageBatches = new AtomicInteger();
    private final List<String> credentials = new CopyOnWriteArrayList<>();
    private final Map<String, Long> living = new ConcurrentHashMap<>();
    private UUID epoch = UUID.randomUUID();
    private long revision;
    private volatile boolean down;
    private volatile boolean feedLost;
    private volatile boolean databaseLost;
    private volatile boolean answersLost;
    private volatile int pageSize = 1_000;
    private volatile int usageStatus = 200;
    private volatile boolean ledgerKept = true;
    private volatile @Nullable String nextCredential;

    public FakeRegistry() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        signingKeys.add(FIRST_SIGNING_KEY);
        server.createContext("/internal/v1/", this::handle);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    // ---- what the registry knows

    public synchronized void put(FeedKind kind, String id, Object body) {
        if (body instanceof FeedPolicy policy) {
            quotas.put(policy);
        }
        enter(new FeedEntry(kind, id, ++revision, JSON.valueToTree(body)));
    }

    public synchronized void remove(FeedKind kind, String id) {
        if (kind == FeedKind.QUOTA_POLICY) {
            quotas.remove(PolicyId.of(id));
        }
        enter(new FeedEntry(kind, id, ++revision, null));
    }

    private void enter(FeedEntry entry) {
        Long former = revisions.put(entry.kind() + "/" + entry.id(), entry.revision());
        if (former != null) {
            entries.remove(former);
        }
        entries.put(entry.revision(), entry);
        notifyAll();
    }

    /** As after a restore from a backup: other epoch, everything without tombstones. */
    public synchronized void restore() {
        entries.values().removeIf(entry -> entry.body() == null);
        epoch = UUID.randomUUID();
        notifyAll();
    }

    public GrantKey grantKeyFor(NodeId node) {
        return grantKeys.computeIfAbsent(
                node,
                id ->
                        new GrantKey(
                                id,
                                "k1",
                                Base64.getUrlEncoder()
                                        .withoutPadding()
                                        .encodeToString(
                                                (id.toString().replace("-", "")).getBytes()),
                                Instant.now().plusSeconds(3_600)));
    }

    public void addSigningKey(RSAKey key) {
        signingKeys.add(key);
    }

    public void removeSigningKey(String keyId) {
        signingKeys.removeIf(key -> key.getKeyID().equals(keyId));
    }

    public void removeSigningKeys() {
        signingKeys.clear();
    }

    // ---- how it behaves

    public synchronized void goDown() {
        down = true;
        quotas.wake();
        notifyAll();
    }

    /** The feed alone is gone; all else goes on. */
    public synchronized void loseFeed() {
        feedLost = true;
        notifyAll();
    }

    /** Lives, and has no database: 503 whatever it is asked, and also who waits for news. */
    public synchronized void loseDatabase() {
        databaseLost = true;
        quotas.wake();
        notifyAll();
    }

    /** Does what it is asked, and loses its database before it can say so. */
    public void loseAnswers() {
        answersLost = true;
    }

    /** With all that it had lost. */
    public void comeBack() {
        down = false;
        feedLost = false;
        databaseLost = false;
        answersLost = false;
    }

    public void pageSize(int entriesPerPage) {
        pageSize = entriesPerPage;
    }

    /** What the ledger answers instead of taking a batch. */
    public void usageStatus(int status) {
        usageStatus = status;
    }

    /**
     * Takes every batch and reads none: loads of hours would fill the memory, and whoever measures
     * a gateway would measure what reading its records costs a registry, which has a machine of its
     * own.
     */
    public void keepNoLedger() {
        ledgerKept = false;
    }

    /** Hands this credential out with the next heartbeat. */
    public void rotateCredentialTo(String credential) {
        nextCredential = credential;
    }

    /** Forgets all credentials, as after a restore from an older backup. */
    public void forgetCredentials() {
        credentials.clear();
    }

    // ---- what came in

    /** What gateways are told of usage, whatever they ask. */
    public void usageSums(UsageSums sums) {
        usageSums = sums;
    }

    /** No question of usage is answered while this is empty. */
    public void usageGate(Semaphore gate) {
        usageGate = gate;
    }

    /** The queries of the questions of usage, as they came. */
    public List<String> usageQuestions() {
        return List.copyOf(usageQuestions);
    }

    public FakeQuotas quotas() {
        return quotas;
    }

    public FakeKeys keys() {
        return keys;
    }

    public Map<UUID, UsageRecord> ledger() {
        return ledger;
    }

    public Map<UUID, OpenCall> orphans() {
        return orphans;
    }

    /** Refused calls that were told one by one. */
    public Map<UUID, RefusedCall> refused() {
        return refused;
    }

    /** How many refusals of the tenant were only counted, by code. */
    public Map<String, Long> unlisted(TenantId tenant) {
        return unlisted.entrySet().stream()
                .filter(entry -> entry.getKey().contains(tenant))
                .collect(
                        Collectors.groupingBy(
                                entry -> entry.getKey().getLast().toString(),
                                Collectors.summingLong(Map.Entry::getValue)));
    }

    public int duplicates() {
        return duplicates.get();
    }

    public int usageBatches() {
        return usageBatches.get();
    }

    public int jwksFetches() {
        return jwksFetches.get();
    }

    public int joins() {
        return joins.get();
    }

    public Optional<GatewayHeartbeat> lastHeartbeat() {
        return heartbeats.isEmpty() ? Optional.empty() : Optional.of(heartbeats.getLast());
    }

    // ---- the API

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (down) {
                return;
            }
            String path = exchange.getRequestURI().getPath();
            if (databaseLost) {
                unavailable(exchange);
                return;
            }
            boolean open = path.endsWith("/join") || path.endsWith("/jwks");
            if (!open && !isKnown(exchange.getRequestHeaders().getFirst("Authorization"))) {
                answer(exchange, 401, Map.of("code", "unauthenticated"));
                return;
            }
            switch (path) {
                case "/internal/v1/join" -> join(exchange);
                case "/internal/v1/jwks" -> jwks(exchange);
                case "/internal/v1/gateways/heartbeat" -> heartbeat(exchange);
                case "/internal/v1/feed" -> feed(exchange);
                case "/internal/v1/usage" -> usage(exchange);
                case "/internal/v1/usage/sums" -> usageSums(exchange);
                case "/internal/v1/calls/refused" -> refusals(exchange);
                case "/internal/v1/leases" -> leases(exchange);
                case "/internal/v1/leases/recalls" -> recalls(exchange);
                case "/internal/v1/idempotency/claims" -> claim(exchange);
                case "/internal/v1/idempotency/outcomes" -> outcomes(exchange);
                default -> answer(exchange, 404, Map.of("code", "not_found"));
            }
        }
    }

    private boolean isKnown(@Nullable String authorization) {
        return authorization != null
                && authorization.startsWith("Bearer ")
                && credentials.contains(authorization.substring(7));
    }

    private void join(HttpExchange exchange) throws IOException {
        Join join = JSON.readValue(exchange.getRequestBody().readAllBytes(), Join.class);
        if (!join.joinToken().equals(JOIN_TOKEN)) {
            answer(exchange, 401, Map.of("code", "unauthenticated"));
            return;
        }
        String credential = "atm_" + joins.incrementAndGet();
        credentials.add(credential);
        answer(exchange, 200, new Joined(UUID.randomUUID(), credential, Instant.now()));
    }

    private void jwks(HttpExchange exchange) throws IOException {
        jwksFetches.incrementAndGet();
        JWKSet keys = new JWKSet(List.copyOf(signingKeys));
        answer(exchange, 200, keys.toPublicJWKSet().toJSONObject());
    }

    private void heartbeat(HttpExchange exchange) throws IOException {
        GatewayHeartbeat heartbeat =
                JSON.readValue(exchange.getRequestBody().readAllBytes(), GatewayHeartbeat.class);
        heartbeats.add(heartbeat);
        living.put(String.valueOf(heartbeat.incarnation()), System.nanoTime());
        living.values().removeIf(at -> System.nanoTime() - at > SILENCE_NANOS);
        String fresh = nextCredential;
        if (fresh != null) {
            credentials.add(fresh);
            nextCredential = null;
        }
        answer(
                exchange,
                200,
                new GatewayHeartbeatReply(
                        Instant.now(),
                        fresh,
                        List.copyOf(grantKeys.values()),
                        GATEWAY_ID,
                        living.size()));
    }

    private void feed(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        long after = Long.parseLong(query.getOrDefault("after", "0"));
        long wait = Long.parseLong(query.getOrDefault("waitMillis", "0"));
        FeedPage page = page(query.get("epoch"), after, wait);
        if (feedLost) {
            unavailable(exchange);
        } else {
            reply(exchange, page);
        }
    }

    private synchronized FeedPage page(@Nullable String askedEpoch, long after, long waitMillis) {
        long until = System.nanoTime() + waitMillis * 1_000_000;
        while (epoch.toString().equals(askedEpoch) && revision <= after && !isFeedGone()) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                break;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        boolean full = !epoch.toString().equals(askedEpoch);
        long from = full ? 0 : after;
        List<FeedEntry> waiting =
                entries.tailMap(from, false).values().stream().limit(pageSize + 1L).toList();
        boolean more = waiting.size() > pageSize;
        List<FeedEntry> page = more ? waiting.subList(0, pageSize) : waiting;
        return new FeedPage(epoch, full, more ? page.getLast().revision() : revision, more, page);
    }

    private boolean isFeedGone() {
        return down || feedLost || databaseLost;
    }

    private void usage(HttpExchange exchange) throws IOException {
        usageBatches.incrementAndGet();
        if (!ledgerKept) {
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            answer(exchange, 200, new ShipUsageReply(0, 0, 0));
            return;
        }
        ShipUsage batch = JSON.readValue(exchange.getRequestBody().readAllBytes(), ShipUsage.class);
        if (usageStatus != 200) {
            answer(exchange, usageStatus, Map.of("code", "unavailable"));
            return;
        }
        int inserted = 0;
        int known = 0;
        for (UsageRecord usage : batch.settled()) {
            if (ledger.putIfAbsent(usage.callId(), usage) == null) {
                inserted++;
                usage.charges().forEach(quotas::settle);
            } else {
                known++;
            }
        }
        for (OpenCall orphan : batch.orphans()) {
            if (!ledger.containsKey(orphan.callId())) {
                orphans.putIfAbsent(orphan.callId(), orphan);
            }
        }
        duplicates.addAndGet(known);
        reply(exchange, new ShipUsageReply(inserted, known, 0));
    }

    private void refusals(HttpExchange exchange) throws IOException {
        ShipRefusals batch =
                JSON.readValue(exchange.getRequestBody().readAllBytes(), ShipRefusals.class);
        if (ledgerKept) {
            batch.refused().forEach(call -> refused.put(call.callId(), call));
        }
        batch.unlisted()
                .forEach(line ->
                        unlisted.merge(
                                List.of(
                                        batch.incarnation(),
                                        line.tenantId(),
                                        line.minute(),
                                        line.code()),
                                line.calls(),
                                Math::max));
        answer(exchange, 200, new ShipRefusalsReply(batch.refused().size(), 0, 0));
    }

    private void usageSums(HttpExchange exchange) throws IOException {
        usageQuestions.add(exchange.getRequestURI().getRawQuery());
        Semaphore gate = usageGate;
        try {
            gate.acquire();
            gate.release();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (usageStatus != 200) {
            answer(exchange, usageStatus, Map.of("code", "unavailable"));
            return;
        }
        answer(exchange, 200, usageSums);
    }

    private void leases(HttpExchange exchange) throws IOException {
        LeaseRequest request =
                JSON.readValue(exchange.getRequestBody().readAllBytes(), LeaseRequest.class);
        String gateway = exchange.getRequestHeaders().getFirst("Authorization");
        try {
            reply(exchange, quotas.answer(gateway, request));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void claim(HttpExchange exchange) throws IOException {
        ClaimReply reply =
                keys.claim(
                        JSON.readValue(exchange.getRequestBody().readAllBytes(), ClaimKey.class));
        if (!keys.isMute()) {
            reply(exchange, reply);
        }
    }

    private void outcomes(HttpExchange exchange) throws IOException {
        KeyOutcomesReply reply =
                keys.end(
                        JSON.readValue(
                                exchange.getRequestBody().readAllBytes(), KeyOutcomes.class));
        reply(exchange, reply);
    }

    private void recalls(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        try {
            RecallPage page =
                    quotas.recalls(
                            Long.parseLong(query.getOrDefault("after", "0")),
                            Long.parseLong(query.getOrDefault("waitMillis", "0")));
            reply(exchange, page);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, String> query(@Nullable String text) {
        Map<String, String> query = new LinkedHashMap<>();
        if (text != null) {
            for (String pair : text.split("&")) {
                int equals = pair.indexOf('=');
                query.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    /** What was done, unless what is needed to say so is gone meanwhile. */
    private void reply(HttpExchange exchange, Object body) throws IOException {
        if (databaseLost || answersLost) {
            unavailable(exchange);
        } else if (!down) {
            answer(exchange, 200, body);
        }
    }

    private static void unavailable(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Retry-After", "1");
        answer(exchange, 503, Map.of("code", "unavailable"));
    }

    private static void answer(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] json =
                body instanceof JsonNode node
                        ? node.toString().getBytes(StandardCharsets.UTF_8)
                        : JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json);
    }

    @Override
    public void close() {
        goDown();
        server.stop(0);
    }
}
