package dev.atrium.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.feed.Feed;
import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that goes away, and one whose clock goes on to the next window. */
class QuotaOutageIT {
    private static final FakeRegistry REGISTRY = new FakeRegistry();
    private static final FakeInferenceNode NODE = new FakeInferenceNode(REGISTRY);
    private static final Platform PLATFORM = new Platform(REGISTRY);

    @TempDir private static Path data;
    private static RunningGateway gateway;

    private TenantFixture acme;
    private KeyFixture key;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(REGISTRY, data);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        NODE.close();
        REGISTRY.close();
    }

    @BeforeEach
    void deploy() {
        acme = PLATFORM.tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        PLATFORM.replica(PLATFORM.model(acme, "words", Task.TEXT_EMBEDDING).version(1), NODE);
        key = PLATFORM.key(acme);
    }

    @AfterEach
    void nothingIsBroken() {
        REGISTRY.comeBack();
        NODE.script(Script.answer());
        REGISTRY.quotas().validFor(Duration.ofSeconds(50));
        await().until(() -> gateway.bean(Quotas.class).open() == 0);
        assertThat(REGISTRY.quotas().broken()).isNull();
    }

    @Test
    void refusesWhenTheLeaseHasEndedAndTheRegistryIsGone() {
        REGISTRY.quotas().validFor(Duration.ofMillis(1_500));
        PolicyId policy = policy(Window.DAY, 10_000, Mode.HARD);
        for (int i = 0; i < 30; i++) {
            assertThat(embed().statusCode()).isEqualTo(200);
        }

        REGISTRY.goDown();
        await().until(() -> embed().statusCode() == 503);
        HttpResponse<String> refused = embed();
        REGISTRY.comeBack();
        await().until(() -> embed().statusCode() == 200);

        assertThat(refused.body()).contains("gateway_unavailable").contains("'test'");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        await().untilAsserted(() ->
                assertThat(REGISTRY.quotas().figures(policy).used())
                        .isEqualTo(NODE.executions().size() - executedBefore));
    }

    @Test
    void goesOnWithADryRunWhileTheRegistryIsGone() {
        policy(Window.DAY, 10, Mode.DRY_RUN);
        REGISTRY.goDown();

        HttpResponse<String> answer = embed();

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void goesOnInTheNextWindowWithAFreshAmount() {
        policy(Window.HOUR, 2, Mode.HARD);
        assertThat(embed().statusCode()).isEqualTo(200);
        assertThat(embed().statusCode()).isEqualTo(200);
        assertThat(embed().statusCode()).isEqualTo(429);

        REGISTRY.quotas().advance(Duration.ofHours(1));

        await().until(() -> embed().statusCode() == 200);
    }

    @Test
    void booksACallInTheWindowOfItsReservation() {
        PolicyId policy = policy(Window.HOUR, 2, Mode.HARD);
        NODE.script(Script.answer().after(Duration.ofMillis(300)));
        Instant window = REGISTRY.quotas().now().truncatedTo(ChronoUnit.HOURS);
        CompletableFuture<HttpResponse<String>> running = gateway.sendAsync(embedding());
        await().until(() -> NODE.running() == 1);

        REGISTRY.quotas().advance(Duration.ofHours(1));
        running.join();

        await().until(() -> REGISTRY.quotas().figures(policy, window).used() == 1);
        assertThat(REGISTRY.quotas().figures(policy).used()).isZero();
    }

    @Test
    void givesEverythingBackWhenItStops(@TempDir Path other) {
        PolicyId policy = policy(Window.DAY, 10_000, Mode.HARD);
        try (RunningGateway second = RunningGateway.start(REGISTRY, other)) {
            HttpRequest request =
                    second.postRequest(
                            "/v1/embeddings", key.text(), "{\"model\":\"words\",\"input\":\"a\"}");
            for (int i = 0; i < 50; i++) {
                assertThat(second.send(request).statusCode()).isEqualTo(200);
            }
        }

        assertThat(REGISTRY.quotas().figures(policy).used()).isEqualTo(50);
        assertThat(REGISTRY.quotas().figures(policy).reserved()).isZero();
        assertThat(REGISTRY.quotas().requests())
                .filteredOn(request -> request.formerLivesShipped())
                .isNotEmpty();
    }

    private PolicyId policy(Window window, long amount, Mode mode) {
        PolicyId policy =
                PLATFORM.policy(
                        acme, PolicySubject.TENANT, Unit.REQUESTS, window, amount, null, mode);
        await().until(() -> !gateway.bean(Feed.class).snapshot().policies(acme.id()).isEmpty());
        executedBefore = NODE.executions().size();
        return policy;
    }

    private int executedBefore;

    private HttpResponse<String> embed() {
        return gateway.send(embedding());
    }

    private HttpRequest embedding() {
        return gateway.postRequest(
                "/v1/embeddings", key.text(), "{\"model\":\"words\",\"input\":\"a\"}");
    }
}
