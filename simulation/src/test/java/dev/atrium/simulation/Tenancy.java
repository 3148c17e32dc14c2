package dev.atrium.simulation;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.feed.FeedApiKey;
import dev.atrium.registry.api.feed.FeedBlockedPrincipal;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.feed.FeedReplica;
import dev.atrium.registry.api.feed.FeedTenant;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.quota.window.CountedPolicy;
import dev.atrium.simulation.database.Row;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Who calls, what limits them, and what people change of it. */
final class Tenancy {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ProjectId PROJECT = new ProjectId(new UUID(2, 3));
    private static final String HASH = "00".repeat(32);
    private static final int KEYS = 5;

    private final World world;
    private final Timeline time;
    private final Instant beginning;
    private long things;

    Tenancy(World world, Instant beginning) {
        this.world = world;
        this.time = world.time();
        this.beginning = beginning.minusSeconds(3_600);
        world.database().executeWithoutResult(status -> begin());
    }

    private void begin() {
        publish(FeedKind.TENANT, World.ACME.toString(), new FeedTenant(World.ACME, "acme", true));
        for (int node = 0; node < world.nodes().size(); node++) {
            replica(node, true);
        }
        key(1, Unit.REQUESTS, Window.LIFETIME, 20, 1_500, Mode.HARD);
        key(1, Unit.CONCURRENCY, Window.NONE, 1, 6, Mode.HARD);
        key(2, Unit.TOKENS, Window.HOUR, 500, 60_000, Mode.HARD);
        key(2, Unit.OUTPUT_TOKENS, Window.DAY, 500, 60_000, Mode.HARD);
        key(2, Unit.REQUESTS, Window.SECOND, 1, 3, Mode.HARD);
        key(3, Unit.COMPUTE_MILLIS, Window.HOUR, 4_000, 120_000, Mode.HARD);
        key(3, Unit.COST_MICROS, Window.HOUR, 500, 60_000, Mode.HARD);
        key(3, Unit.REQUESTS, Window.MINUTE, 5, 60, Mode.HARD);
        key(4, Unit.INPUT_TOKENS, Window.MONTH, 200, 25_000, Mode.DRY_RUN);
        key(4, Unit.TOKENS, Window.HOUR, 200, 25_000, Mode.SOFT);
        key(4, Unit.REQUESTS, Window.HOUR, 20, 1_500, Mode.HARD);
        subject(
                World.GLOBEX,
                PolicySubject.TENANT,
                Unit.REQUESTS,
                Window.HOUR,
                time.between(0, 800),
                Mode.HARD);
    }

    private void key(int key, Unit unit, Window window, long least, long most, Mode mode) {
        subject(
                World.ACME,
                new PolicySubject(null, "key" + key, null),
                unit,
                window,
                time.between(least, most),
                mode);
    }

    private void subject(
            TenantId tenant,
            PolicySubject subject,
            Unit unit,
            Window window,
            long amount,
            Mode mode) {
        Long burst = window.isRate() ? Math.max(1, time.between(amount / 4, amount)) : null;
        PolicyId id = new PolicyId(new UUID(9, ++things));
        write(
                new FeedPolicy(
                        id,
                        tenant,
                        "p",
                        subject,
                        unit,
                        window,
                        amount,
                        burst,
                        mode,
                        unit == Unit.COST_MICROS ? World.PRICE.currency() : null));
    }

    private void write(FeedPolicy policy) {
        ZoneId zone =
                policy.tenantId().equals(World.ACME)
                        ? ZoneId.of("Europe/Berlin")
                        : ZoneId.of("Asia/Kolkata");
        CountedPolicy counted =
                new CountedPolicy(
                        policy.id(),
                        policy.tenantId(),
                        policy.window(),
                        policy.amount(),
                        policy.burst(),
                        beginning,
                        zone);
        world.database().policies.put(policy.id().value(), new Row.Policy(counted, false));
        publish(FeedKind.QUOTA_POLICY, policy.id().toString(), policy);
        world.truth().policy(policy);
    }

    private void publish(FeedKind kind, String id, @Nullable Object body) {
        world.feed().publish(kind, id, body == null ? null : JSON.valueToTree(body));
    }

    /** As they are published: a change may have been taken back. */
    List<FeedPolicy> policies() {
        return world.database().feed.rows().values().stream()
                .filter(row -> row.entry().kind() == FeedKind.QUOTA_POLICY)
                .map(row -> JSON.treeToValue(row.entry().body(), FeedPolicy.class))
                .toList();
    }

    Caller caller() {
        long key = time.between(1, KEYS);
        boolean other = key == KEYS;
        return new Caller(
                other ? World.GLOBEX : World.ACME,
                other ? "globex" : "acme",
                PROJECT,
                PrincipalKind.API_KEY,
                "key" + key,
                Set.of(),
                Set.of(),
                0,
                null);
    }

    /** Raises or lowers the amount of a policy, be it below what is used. */
    void changeAmount() {
        List<FeedPolicy> policies = policies();
        FeedPolicy old = policies.get((int) time.between(0, policies.size() - 1));
        if (old.window().isRate() || old.amount() == 0) {
            return;
        }
        long amount = Math.max(1, old.amount() * time.between(30, 220) / 100);
        rewrite(old, amount, old.burst());
    }

    /** Cuts the slices of a rate anew, which gives it another window. */
    void changeBurst() {
        for (FeedPolicy old : policies()) {
            if (old.burst() != null && time.chance(0.5)) {
                rewrite(old, old.amount(), Math.max(1, old.burst() + time.between(-2, 2)));
            }
        }
    }

    private void rewrite(FeedPolicy old, long amount, @Nullable Long burst) {
        world.database()
                .executeWithoutResult(status ->
                        write(
                                new FeedPolicy(
                                        old.id(),
                                        old.tenantId(),
                                        old.name(),
                                        old.subject(),
                                        old.unit(),
                                        old.window(),
                                        amount,
                                        burst,
                                        old.mode(),
                                        old.currency())));
    }

    /** Makes a node's replica READY or not. */
    void switchReplica() {
        world.database()
                .executeWithoutResult(status ->
                        replica((int) time.between(0, world.nodes().size() - 1), time.chance(0.7)));
    }

    private void replica(int node, boolean ready) {
        PlacementId id = new PlacementId(new UUID(8, node));
        publish(
                FeedKind.REPLICA,
                id.toString(),
                ready
                        ? new FeedReplica(
                                id, World.VERSION, world.nodes().get(node).id(), "http://node")
                        : null);
    }

    /** Keys and blocked principals come and go. */
    void churn() {
        world.database()
                .executeWithoutResult(status -> {
                    for (int i = 0; i < 4; i++) {
                        String id = "thing" + time.between(1, 30);
                        publish(
                                FeedKind.API_KEY,
                                id,
                                time.chance(0.5)
                                        ? new FeedApiKey(
                                                id,
                                                World.ACME,
                                                PROJECT,
                                                HASH,
                                                List.of(),
                                                List.of(),
                                                0,
                                                null,
                                                null)
                                        : null);
                        publish(
                                FeedKind.BLOCKED_PRINCIPAL,
                                id,
                                time.chance(0.3) ? new FeedBlockedPrincipal(id, beginning) : null);
                    }
                });
    }
}
