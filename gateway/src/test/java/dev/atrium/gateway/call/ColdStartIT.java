package dev.atrium.gateway.call;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.NODE_B;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.ModelFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.SharedGateway;
import dev.atrium.node.api.NodeError;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.feed.FeedReplica;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls of a model that is in no memory. */
class ColdStartIT {
    private static final int PLACES_OF_A_TENANT = 32;
    private static final Script LOADS = Script.refuse(NodeError.LOADING, "is being loaded");

    private TenantFixture tenant;
    private KeyFixture key;
    private ModelFixture words;

    @BeforeEach
    void makeATenant() {
        tenant = PLATFORM.tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        words = PLATFORM.model(tenant, "words", Task.TEXT_EMBEDDING);
        key = PLATFORM.key(tenant);
        NODE_A.waits().clear();
        NODE_B.waits().clear();
    }

    @AfterEach
    void nothingIsLeft() {
        NODE_A.goOn();
        SharedGateway.assertNothingIsLeft();
        await().until(() -> GATEWAY.bean(ColdStarts.class).waiting() == 0);
    }

    @Test
    void aCallHasItLoadedAndHearsWhenToComeAgain() {
        unloadedOn(NODE_A);
        NODE_A.script(LOADS);

        List<HttpResponse<String>> answers =
                Stream.generate(() -> GATEWAY.send(embedding(null))).limit(6).toList();

        assertThat(answers)
                .allSatisfy(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(503);
                    assertThat(answer.body()).contains("model_not_ready", "Prefer: wait=N");
                    assertThat(answer.headers().firstValue("retry-after"))
                            .contains(Integer.toString(FakeInferenceNode.LOAD_SECONDS));
                });
        assertThat(NODE_A.waits()).as("none is tried twice, none is kept away").hasSize(6);
        assertThat(NODE_A.waits().values()).allMatch(List::isEmpty);
    }

    @Test
    void aCallThatPrefersToWaitWaitsAtTheNode() {
        unloadedOn(NODE_A);

        HttpResponse<String> answer = GATEWAY.send(embedding("respond-async, wait=100"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(NODE_A.waits().values()).containsExactly(List.of("wait=60"));
    }

    @Test
    void whatIsReadyIsPreferredAndNotAskedToWait() {
        FeedReplica cold = unloadedOn(NODE_A);
        PLATFORM.replica(words.version(1), NODE_B);
        await().until(() -> GATEWAY.send(embedding(null)).statusCode() == 200 && went(NODE_B) > 0);
        NODE_A.waits().clear();
        NODE_B.waits().clear();

        List<HttpResponse<String>> answers =
                Stream.generate(() -> GATEWAY.send(embedding("wait=5"))).limit(10).toList();

        assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
        assertThat(went(NODE_A)).isZero();
        assertThat(NODE_B.waits().values()).hasSize(10).allMatch(List::isEmpty);
        PLATFORM.remove(cold);
    }

    @Test
    void oneOfSeveralIsLoadedForAllCalls() {
        FeedReplica one = unloadedOn(NODE_A);
        FeedReplica other = unloadedOn(NODE_B);
        boolean firstIsA = one.placementId().value().compareTo(other.placementId().value()) < 0;
        NODE_A.script(LOADS);
        NODE_B.script(LOADS);
        await().until(() -> {
            GATEWAY.send(embedding(null));
            return went(firstIsA ? NODE_A : NODE_B) > 0;
        });
        NODE_A.waits().clear();
        NODE_B.waits().clear();

        Stream.generate(() -> GATEWAY.send(embedding(null))).limit(10).forEach(answer -> {});

        assertThat(went(firstIsA ? NODE_A : NODE_B)).isEqualTo(10);
        assertThat(went(firstIsA ? NODE_B : NODE_A)).isZero();
    }

    @Test
    void aCallThatFoundItUnloadedAgainstExpectationMayStillWait() {
        PLATFORM.replica(words.version(1), NODE_A);
        awaitFeed();
        NODE_A.script(grant -> grant.attempt() == 1 ? LOADS : Script.answer());

        HttpResponse<String> answer = GATEWAY.send(embedding("wait=5"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(NODE_A.waits().values()).containsExactly(List.of("wait=5"));
    }

    @Test
    void aClientThatGoesAwayWhileItWaitsPaysNothingAndKeepsNothing() {
        PLATFORM.policy(tenant, Unit.REQUESTS, Window.DAY, 1);
        unloadedOn(NODE_A);
        NODE_A.hold();
        NODE_A.script(Script.of(Script.Kind.QUEUE));
        CompletableFuture<HttpResponse<String>> call = GATEWAY.sendAsync(embedding("wait=30"));
        await().until(() -> NODE_A.queued() == 1);
        assertThat(GATEWAY.bean(ColdStarts.class).waiting()).isEqualTo(1);

        call.cancel(true);

        await().until(() -> GATEWAY.bean(ColdStarts.class).waiting() == 0);
        await().until(() -> NODE_A.queued() == 0);
        await().untilAsserted(() -> assertThat(record().outcome()).isEqualTo(Outcome.CLIENT_GONE));
        assertThat(record().nodeId()).as("its model never saw it").isNull();
        NODE_A.goOn();
        NODE_A.script(Script.answer());
        await("its request of the day came back")
                .until(() -> GATEWAY.send(embedding("wait=30")).statusCode() == 200);
    }

    @Test
    void aCallThatWaitedTooLongEndsWithItsDeadline() {
        unloadedOn(NODE_A);
        NODE_A.hold();
        NODE_A.script(Script.of(Script.Kind.QUEUE));

        HttpResponse<String> answer = GATEWAY.send(embedding("wait=60"));

        assertThat(answer.statusCode()).isEqualTo(504);
        await().until(() -> GATEWAY.bean(ColdStarts.class).waiting() == 0);
    }

    @Test
    void aTenantHasHalfOfTheWaitingPlaces() {
        unloadedOn(NODE_A);
        NODE_A.hold();
        NODE_A.script(Script.of(Script.Kind.QUEUE));
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < PLACES_OF_A_TENANT + 3; i++) {
            calls.add(GATEWAY.sendAsync(embedding("wait=9")));
        }
        await().until(() -> NODE_A.queued() == calls.size());

        assertThat(GATEWAY.bean(ColdStarts.class).waiting()).isEqualTo(PLACES_OF_A_TENANT);
        assertThat(NODE_A.waits().values().stream().filter(List::isEmpty)).hasSize(3);
        NODE_A.goOn();
        assertThat(calls).allSatisfy(call -> assertThat(call.join().statusCode()).isEqualTo(200));
    }

    @Test
    void aPlaceIsFreeOnceTheAnswerBegins() {
        ModelFixture chat = PLATFORM.model(tenant, "chat", Task.TEXT_GENERATION);
        PLATFORM.unloadedReplica(chat.version(1), NODE_A);
        awaitFeed();
        NODE_A.script(Script.answer().tokens(30, Duration.ofMillis(100)));
        HttpRequest stream =
                HttpRequest.newBuilder(GATEWAY.chat(key, ",\"stream\":true"), (name, value) -> true)
                        .header("Prefer", "wait=9")
                        .build();
        CompletableFuture<HttpResponse<String>> call = GATEWAY.sendAsync(stream);
        await().until(() -> NODE_A.running() == 1);

        await().atMost(Duration.ofSeconds(1))
                .until(() -> GATEWAY.bean(ColdStarts.class).waiting() == 0);

        assertThat(NODE_A.running()).as("it is still being answered").isOne();
        assertThat(call.join().statusCode()).isEqualTo(200);
    }

    @Test
    void isListedAndIsNotReady() {
        FeedReplica cold = unloadedOn(NODE_A);

        assertThat(GATEWAY.get("/v1/models", key.text()).body()).contains("words");
        assertThat(GATEWAY.get("/v2/models/words/ready", key.text()).statusCode()).isEqualTo(503);
        PLATFORM.loaded(cold);
        await().until(() -> GATEWAY.get("/v2/models/words/ready", key.text()).statusCode() == 200);
    }

    private FeedReplica unloadedOn(FakeInferenceNode node) {
        FeedReplica replica = PLATFORM.unloadedReplica(words.version(1), node);
        awaitFeed();
        return replica;
    }

    /** What is put last is seen last. */
    private void awaitFeed() {
        KeyFixture last = PLATFORM.key(tenant);
        await().until(() -> GATEWAY.get("/v1/models", last.text()).statusCode() == 200);
    }

    private int went(FakeInferenceNode node) {
        return node.waits().size();
    }

    private UsageRecord record() {
        return REGISTRY.ledger().values().stream()
                .filter(record -> record.tenantId().equals(tenant.id()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing is booked yet"));
    }

    private HttpRequest embedding(@Nullable String prefer) {
        HttpRequest.Builder request =
                GATEWAY.request(URI.create(GATEWAY.url() + "/v1/embeddings"), key.text())
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"model\":\"words\",\"input\":\"a\"}"));
        if (prefer != null) {
            request.header("Prefer", prefer);
        }
        return request.build();
    }
}
