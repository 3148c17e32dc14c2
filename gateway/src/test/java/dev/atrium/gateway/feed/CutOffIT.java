package dev.atrium.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.quota.Quotas;
import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry of which only a part is gone: its feed, or the database behind all that it does. */
class CutOffIT {
    private static final FakeRegistry REGISTRY = new FakeRegistry();
    private static final FakeInferenceNode NODE = new FakeInferenceNode(REGISTRY);
    private static final Platform PLATFORM = new Platform(REGISTRY);
    private static final Duration MAX_STALENESS = Duration.ofSeconds(2);

    /** Fewer calls than a lease holds after the calls that got it. */
    private static final Duration BETWEEN_CALLS = Duration.ofMillis(100);

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @TempDir private static Path data;
    private static RunningGateway gateway;

    /** With a lease that it has used. */
    private Subscriber leased;

    /** With a policy that no call has met yet. */
    private Subscriber unleased;

    private record Subscriber(KeyFixture key, PolicyId policy) {}

    @BeforeAll
    static void start() {
        gateway =
                RunningGateway.start(
                        REGISTRY,
                        data,
                        "atrium.gateway.feed.poll-wait=300ms",
                        "atrium.gateway.feed.max-staleness=" + MAX_STALENESS.toMillis() + "ms");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        NODE.close();
        REGISTRY.close();
    }

    @BeforeEach
    void deploy() {
        leased = subscriber();
        unleased = subscriber();
        for (int i = 0; i < 60; i++) {
            assertThat(embed(leased).statusCode()).isEqualTo(200);
        }
    }

    @AfterEach
    void nothingIsBroken() {
        REGISTRY.comeBack();
        await().until(() -> gateway.bean(Quotas.class).open() == 0);
        assertThat(REGISTRY.quotas().broken()).isNull();
    }

    @Test
    void servesWithoutTheFeedAloneForAsLongAsItMayAndServesAgainWithIt() {
        KeyFixture revoked = PLATFORM.key(leased.key().tenant());
        await().until(() -> status(revoked) == 200);
        REGISTRY.loseFeed();
        long lostAt = System.nanoTime();
        PLATFORM.revoke(revoked);

        HttpResponse<String> firstOfPolicy = embed(unleased);
        Duration served = servedUntilRefused(lostAt);
        HttpResponse<String> refused = embed(leased);
        boolean readyWithout = gateway.isReady();

        // The rest of the registry lives: leases are granted, and what was used is told.
        assertThat(firstOfPolicy.statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(used(leased)).isEqualTo(executions(leased)));
        assertServedAsLongAsItMay(served);
        assertTooOld(refused);
        assertThat(readyWithout).isFalse();

        REGISTRY.comeBack();

        await().atMost(PATIENCE).until(() -> embed(leased).statusCode() == 200);
        assertThat(status(revoked)).isEqualTo(401);
        assertThat(gateway.isReady()).isTrue();
    }

    @Test
    void goesOnWithItsLeasesWithoutTheDatabaseAndLosesAndDoublesNothing() {
        // The last that it has done, it could not say any more.
        REGISTRY.loseAnswers();
        assertThat(embed(leased).statusCode()).isEqualTo(200);
        await().until(() -> REGISTRY.ledger().size() == NODE.executions().size());
        REGISTRY.loseDatabase();
        long lostAt = System.nanoTime();

        HttpResponse<String> withoutLease = embed(unleased);
        Duration served = servedUntilRefused(lostAt);
        HttpResponse<String> refused = embed(leased);
        int told = REGISTRY.ledger().size();

        assertThat(withoutLease.statusCode()).isEqualTo(503);
        assertThat(withoutLease.body())
                .contains("\"code\":\"gateway_unavailable\"")
                .contains("'test' of 10000 requests per day cannot be checked");
        assertThat(withoutLease.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(withoutLease.headers().firstValue("x-should-retry")).hasValue("true");
        assertThat(executions(unleased)).isZero();
        assertServedAsLongAsItMay(served);
        assertTooOld(refused);
        assertThat(told).as("calls of the outage").isLessThan(NODE.executions().size());

        REGISTRY.comeBack();

        await().atMost(PATIENCE).until(() -> embed(leased).statusCode() == 200);
        await().atMost(PATIENCE).until(() -> embed(unleased).statusCode() == 200);
        await().until(() -> gateway.bean(Journal.class).openCalls() == 0);
        await().atMost(PATIENCE)
                .untilAsserted(() -> {
                    assertThat(REGISTRY.ledger()).containsOnlyKeys(NODE.executions().keySet());
                    assertThat(REGISTRY.lastHeartbeat().orElseThrow().unshippedRecords()).isZero();
                });
        assertThat(used(leased)).isEqualTo(executions(leased));
        assertThat(used(unleased)).isEqualTo(executions(unleased));
        assertThat(REGISTRY.duplicates()).as("what was told twice").isPositive();
    }

    private Duration servedUntilRefused(long lostAt) {
        Duration[] lastServed = {Duration.ZERO};
        await().pollInterval(BETWEEN_CALLS)
                .until(() -> {
                    boolean isServed = embed(leased).statusCode() == 200;
                    if (isServed) {
                        lastServed[0] = Duration.ofNanos(System.nanoTime() - lostAt);
                    }
                    return !isServed;
                });
        return lastServed[0];
    }

    /** Counted from the last word of the feed, which is a poll old at most. */
    private static void assertServedAsLongAsItMay(Duration served) {
        assertThat(served).isBetween(MAX_STALENESS.minusMillis(800), MAX_STALENESS.plusMillis(600));
    }

    private static void assertTooOld(HttpResponse<String> refused) {
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body())
                .contains("\"code\":\"gateway_unavailable\"")
                .contains("lost its control plane");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
        assertThat(refused.headers().firstValue("x-should-retry")).hasValue("true");
    }

    private static Subscriber subscriber() {
        Platform.TenantFixture tenant = PLATFORM.customer(NODE);
        PolicyId policy = PLATFORM.policy(tenant, Unit.REQUESTS, Window.DAY, 10_000);
        KeyFixture key = PLATFORM.key(tenant);
        await().until(() -> gateway.get("/v1/models/words", key.text()).statusCode() == 200);
        return new Subscriber(key, policy);
    }

    private static long used(Subscriber subscriber) {
        return REGISTRY.quotas().figures(subscriber.policy()).used();
    }

    private static long executions(Subscriber subscriber) {
        UUID tenant = subscriber.key().tenant().id().value();
        return NODE.executions().values().stream()
                .flatMap(attempts -> attempts.stream())
                .filter(attempt -> attempt.grant().tenantId().equals(tenant))
                .count();
    }

    private static HttpResponse<String> embed(Subscriber subscriber) {
        return gateway.send(gateway.embedding(subscriber.key()));
    }

    private static int status(KeyFixture key) {
        return gateway.send(gateway.embedding(key)).statusCode();
    }
}
