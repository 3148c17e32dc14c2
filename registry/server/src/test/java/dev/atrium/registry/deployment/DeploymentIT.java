package dev.atrium.registry.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryApplication;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestNode;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.TensorSpec;
import dev.atrium.registry.api.deployment.Deploy;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.api.feed.FeedReplica;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.node.RefusedFile;
import dev.atrium.registry.artifact.ModelBytes;
import dev.atrium.registry.leader.Leadership;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class DeploymentIT extends RegistryTest {
    private static final long GIGABYTE = 1L << 30;

    @Autowired Leadership leadership;

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    /** What other tests left would move to this one's nodes. */
    @BeforeEach
    void forgetOtherNodesAndDeployments() {
        platform.sql("UPDATE node SET alive = false, last_seen_at = now() - interval '1 day'")
                .update();
        platform.sql("DELETE FROM placement").update();
        platform.sql("DELETE FROM deployment").update();
        await().until(leadership::isLeader);
    }

    @Test
    void aDeployedVersionReachesANodeAndThenTheGateways() {
        TestTenant acme = tenant("acme");
        TestNode node = node(GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());

        Answer deployed = deploy(acme, version, 1);
        PlacementOrder order = orderOf(node, version);
        node.reports(order.placementId(), ReplicaState.LOADING).beat();
        Optional<FeedReplica> whileLoading = replica(order.placementId());
        node.reports(order.placementId(), ReplicaState.READY).beat();

        assertThat(deployed.status()).as(deployed.text()).isEqualTo(200);
        assertThat(order.model()).isEqualTo(version.model());
        assertThat(order.platformOwned()).isFalse();
        assertThat(order.files()).isEqualTo(version.files());
        assertThat(order.signature()).isEqualTo(version.signature());
        assertThat(whileLoading).isEmpty();
        assertThat(replica(order.placementId()))
                .contains(
                        new FeedReplica(order.placementId(), version.id(), node.id(), node.url()));
        assertThat(feed(version).versions()).extracting("number").containsExactly(1);
        assertThat(deployment(acme, version).ready()).isEqualTo(1);
    }

    @Test
    void anOrderArrivesWithinASecond() {
        TestTenant acme = tenant("acme");
        TestNode node = node(GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());
        deploy(acme, version, 1);

        await().atMost(Duration.ofSeconds(3))
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(node.beat()).hasSize(1));
    }

    @Test
    void spreadsReplicasOverTheNodesWithTheMostRoom() {
        TestTenant acme = tenant("acme");
        TestNode small = node(GIGABYTE);
        TestNode large = node(3 * GIGABYTE);
        TestNode medium = node(2 * GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());

        deploy(acme, version, 2);

        await().untilAsserted(() -> assertThat(placedOn(version)).hasSize(2));
        assertThat(placedOn(version)).containsExactlyInAnyOrder(large.id(), medium.id());
        deploy(acme, version, 5);
        await().untilAsserted(() ->
                assertThat(placedOn(version))
                        .containsExactlyInAnyOrder(small.id(), large.id(), medium.id()));
    }

    @Test
    void removesWhatIsTooMuchAndKeepsWhatIsReady() {
        TestTenant acme = tenant("acme");
        TestNode first = node(2 * GIGABYTE);
        TestNode second = node(GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());
        deploy(acme, version, 2);
        PlacementOrder loading = orderOf(first, version);
        PlacementOrder ready = orderOf(second, version);
        first.reports(loading.placementId(), ReplicaState.LOADING).beat();
        second.reports(ready.placementId(), ReplicaState.READY).beat();

        deploy(acme, version, 1);

        await().untilAsserted(() -> assertThat(placedOn(version)).containsExactly(second.id()));
        assertThat(first.beat()).isEmpty();
        assertThat(replica(ready.placementId())).isPresent();
    }

    @Test
    void removingADeploymentTakesItsReplicasFromTheFeedAtOnce() {
        TestTenant acme = tenant("acme");
        TestNode node = node(GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());
        deploy(acme, version, 1);
        PlacementOrder order = orderOf(node, version);
        node.reports(order.placementId(), ReplicaState.READY).beat();

        Answer removed = http().delete(path(acme, version), acme.ownerToken());

        assertThat(removed.status()).isEqualTo(204);
        assertThat(replica(order.placementId())).isEmpty();
        assertThat(entry("MODEL", modelId(version))).isEmpty();
        assertThat(node.beat()).isEmpty();
        assertThat(http().get(path(acme, version), acme.ownerToken()).status()).isEqualTo(404);
    }

    @Test
    void movesReplicasOfADeadNodeToALivingOne() {
        TestTenant acme = tenant("acme");
        TestNode dying = node(GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());
        deploy(acme, version, 1);
        PlacementOrder order = orderOf(dying, version);
        dying.reports(order.placementId(), ReplicaState.READY).beat();

        kill(dying);
        await().untilAsserted(() -> assertThat(replica(order.placementId())).isEmpty());
        TestNode living = node(GIGABYTE);
        PlacementOrder moved = orderOf(living, version);
        living.reports(moved.placementId(), ReplicaState.READY).beat();

        assertThat(placedOn(version)).containsExactly(living.id());
        assertThat(replica(moved.placementId())).isPresent();
        assertThat(dying.beat()).as("it comes back too late").isEmpty();
    }

    @Test
    void aNodeThatComesBackBeforeItWasReplacedGoesOnWithTheSamePlacement() {
        TestTenant acme = tenant("acme");
        TestNode node = node(GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());
        deploy(acme, version, 1);
        PlacementOrder order = orderOf(node, version);
        node.reports(order.placementId(), ReplicaState.READY).beat();

        kill(node);
        await().untilAsserted(() -> assertThat(replica(order.placementId())).isEmpty());
        node.beat();

        assertThat(replica(order.placementId())).isPresent();
        assertThat(node.beat())
                .extracting(PlacementOrder::placementId)
                .containsExactly(order.placementId());
    }

    @Test
    void aRestartedNodeIsNotReadyUntilItSaysSo() {
        TestTenant acme = tenant("acme");
        TestNode node = node(GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());
        deploy(acme, version, 1);
        PlacementOrder order = orderOf(node, version);
        node.reports(order.placementId(), ReplicaState.READY).beat();

        List<PlacementOrder> orders = node.forgetsEverything().beat();

        assertThat(replica(order.placementId())).isEmpty();
        assertThat(orders)
                .extracting(PlacementOrder::placementId)
                .containsExactly(order.placementId());
    }

    @Test
    void aFailedReplicaKeepsItsReasonAndIsTriedAgainOnlyWhenDeployedAgain() {
        TestTenant acme = tenant("acme");
        TestNode node = node(GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());
        deploy(acme, version, 1);
        PlacementOrder order = orderOf(node, version);

        List<PlacementOrder> orders =
                node.fails(order.placementId(), "the graph needs an operator that is not there")
                        .beat();
        List<PlacementOrder> afterRestart = node.forgetsEverything().beat();
        Deployment failed = deployment(acme, version);
        deploy(acme, version, 1);
        PlacementOrder again = orderOf(node, version);

        assertThat(orders).isEmpty();
        assertThat(afterRestart).isEmpty();
        assertThat(failed.placements())
                .singleElement()
                .satisfies(replica -> {
                    assertThat(replica.state()).isEqualTo(ReplicaState.FAILED);
                    assertThat(replica.reason()).contains("operator");
                });
        assertThat(again.placementId()).isNotEqualTo(order.placementId());
    }

    @Test
    void aReadyReplicaSaysWhyItComputesCallsOneByOne() {
        TestTenant acme = tenant("acme");
        TestNode node = node(GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());
        deploy(acme, version, 1);
        PlacementOrder order = orderOf(node, version);

        node.isReady(order.placementId(), "calls are computed one by one").beat();

        assertThat(deployment(acme, version).placements())
                .singleElement()
                .satisfies(replica -> {
                    assertThat(replica.state()).isEqualTo(ReplicaState.READY);
                    assertThat(replica.reason()).isEqualTo("calls are computed one by one");
                });
    }

    @Test
    void ownersSeeWhatAReplicaWaitsFor() {
        TestTenant acme = tenant("acme");
        TestNode node = node(GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());
        deploy(acme, version, 1);
        PlacementOrder order = orderOf(node, version);

        node.waits(order.placementId(), "waits for memory: 90 MB are free").beat();
        String first = deployment(acme, version).placements().getFirst().reason();
        node.waits(order.placementId(), "waits for memory: 10 MB are free").beat();

        assertThat(first).isEqualTo("waits for memory: 90 MB are free");
        assertThat(deployment(acme, version).placements().getFirst().reason())
                .isEqualTo("waits for memory: 10 MB are free");
        node.reports(order.placementId(), ReplicaState.READY).beat();
        assertThat(deployment(acme, version).placements().getFirst().reason()).isNull();
    }

    @Test
    void aDeploymentIsPinnedUntilItsOwnerSaysOtherwise() {
        TestTenant acme = tenant("acme");
        TestNode node = node(GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());
        deploy(acme, version, 1);
        boolean atFirst = orderOf(node, version).staysLoaded();

        http().put(path(acme, version), acme.ownerToken(), new Deploy(1, false, null));
        PlacementOrder unpinned = orderOf(node, version);
        deploy(acme, version, 1);

        assertThat(atFirst).isTrue();
        assertThat(unpinned.staysLoaded()).isFalse();
        assertThat(deployment(acme, version).pinned()).as("only the size was said").isFalse();
        assertThat(orderOf(node, version).placementId()).isEqualTo(unpinned.placementId());
    }

    @Test
    void aDeploymentIsLoadedAtOnceUntilItsOwnerLeavesThatToCalls() {
        TestTenant acme = tenant("acme");
        TestNode node = node(GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());
        deploy(acme, version, 1);
        PlacementOrder atFirst = orderOf(node, version);

        http().put(path(acme, version), acme.ownerToken(), new Deploy(1, null, 300));
        PlacementOrder onCall = orderOf(node, version);
        deploy(acme, version, 1);

        assertThat(atFirst.longestIdle()).isEmpty();
        assertThat(onCall.longestIdle()).contains(Duration.ofMinutes(5));
        assertThat(onCall.staysLoaded()).as("nothing was said of it").isTrue();
        assertThat(deployment(acme, version).idleSeconds()).as("only the size").isEqualTo(300);
        http().put(path(acme, version), acme.ownerToken(), new Deploy(1, null, 0));
        assertThat(orderOf(node, version).longestIdle()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 59, 604_801})
    void refusesAnIdleTimeThatIsTooShortOrTooLong(int seconds) {
        TestTenant acme = tenant("acme");
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());

        Answer answer =
                http().put(path(acme, version), acme.ownerToken(), new Deploy(1, null, seconds));

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.text()).contains("'idleSeconds' is " + seconds);
    }

    @Test
    void gatewaysKnowWhatACallHasLoadedUntilItIsReadyAndAfterIt() {
        TestTenant acme = tenant("acme");
        TestNode node = node(GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());
        http().put(path(acme, version), acme.ownerToken(), new Deploy(1, null, 300));
        PlacementId id = orderOf(node, version).placementId();

        node.reports(id, ReplicaState.UNLOADED).beat();

        assertThat(replica(id))
                .contains(new FeedReplica(id, version.id(), node.id(), node.url(), true));
        assertThat(deployment(acme, version).unloaded()).isEqualTo(1);
        for (ReplicaState onItsWay :
                List.of(ReplicaState.FETCHING, ReplicaState.LOADING, ReplicaState.WARMING_UP)) {
            node.reports(id, onItsWay).beat();
            assertThat(replica(id)).get().matches(FeedReplica::loadsFirst, onItsWay.name());
        }
        node.reports(id, ReplicaState.READY).beat();
        assertThat(replica(id)).get().matches(it -> !it.loadsFirst());
        node.reports(id, ReplicaState.UNLOADED).beat();
        assertThat(replica(id)).get().matches(FeedReplica::loadsFirst);
        node.reports(id, ReplicaState.LOADING).beat();
        node.reports(id, ReplicaState.FAILED).beat();
        assertThat(replica(id)).isEmpty();
    }

    @Test
    void aReplicaWhoseWorkerDiedTakesNoCallsWhileItIsLoadedAgain() {
        TestTenant acme = tenant("acme");
        TestNode node = node(GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());
        http().put(path(acme, version), acme.ownerToken(), new Deploy(1, null, 300));
        PlacementId id = orderOf(node, version).placementId();
        node.reports(id, ReplicaState.READY).beat();

        node.reports(id, ReplicaState.LOADING).beat();

        assertThat(replica(id)).isEmpty();
    }

    @Test
    void theEngineFillsASignatureThatTheFileDidNotGive() {
        TestTenant acme = tenant("acme");
        TestNode node = node(GIGABYTE);
        ModelVersion version = upload(acme, "doubling", "model.pt", ModelBytes.torchScript());
        deploy(acme, version, 1);
        PlacementOrder order = orderOf(node, version);
        Signature known =
                new Signature(
                        List.of(new TensorSpec("x", "FP32", List.of(-1L, 2L))),
                        List.of(new TensorSpec("y", "FP32", List.of(-1L, 2L))));

        node.reports(order.placementId(), ReplicaState.READY, known).beat();

        assertThat(feed(version).versions().getFirst().signature()).isEqualTo(known);
        assertThat(
                        http().get(
                                        "/api/v1/models/" + version.model() + "/versions/1",
                                        acme.ownerToken())
                                .as(ModelVersion.class)
                                .signature())
                .isEqualTo(known);
    }

    @Test
    void aNodeFetchesTheFilesOfItsPlacementsAndNoOthers() {
        TestTenant acme = tenant("acme");
        TestNode node = node(GIGABYTE);
        TestNode other = node(GIGABYTE / 2);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());
        deploy(acme, version, 1);
        orderOf(node, version);
        String artifact = "/internal/v1/artifacts/" + version.files().getFirst().sha256();

        Answer whole = internalHttp().get(artifact, node.credential());
        Answer part =
                internalHttp()
                        .send(
                                internalHttp()
                                        .request(artifact)
                                        .header("Authorization", "Bearer " + node.credential())
                                        .header("Range", "bytes=4-9")
                                        .header(
                                                "If-Range",
                                                "\"" + version.files().getFirst().sha256() + "\""));

        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.header("Content-Length"))
                .isEqualTo(Long.toString(version.files().getFirst().bytes()));
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.header("Content-Range"))
                .isEqualTo("bytes 4-9/" + version.files().getFirst().bytes());
        assertThat(internalHttp().get(artifact, other.credential()).status()).isEqualTo(404);
        assertThat(
                        internalHttp()
                                .get("/internal/v1/artifacts/" + "0".repeat(64), node.credential())
                                .status())
                .isEqualTo(404);
        assertThat(internalHttp().get(artifact).status()).isEqualTo(401);
    }

    @Test
    void ownersReadInTheirAuditLogThatANodeFoundOtherBytes() {
        TestTenant acme = tenant("acme");
        TestTenant globex = tenant("globex");
        TestNode node = node(GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());
        upload(globex, "same", "model.onnx", ModelBytes.onnx());
        deploy(acme, version, 1);
        orderOf(node, version);
        String digest = version.files().getFirst().sha256();

        node.refuses(digest, RefusedFile.Origin.CACHE)
                .refuses(digest, RefusedFile.Origin.REGISTRY)
                .refuses("0".repeat(64), RefusedFile.Origin.CACHE)
                .beat();
        node.beat();

        List<JsonNode> entries = refusals(acme);
        assertThat(entries)
                .extracting(entry -> entry.path("subject").asString())
                .containsExactly(
                        "version:" + version.model() + "/1", "version:" + version.model() + "/1");
        assertThat(entries)
                .extracting(entry -> entry.path("actor").asString())
                .containsOnly("node:" + node.id());
        assertThat(entries)
                .extracting(entry -> entry.path("detail").asString())
                .satisfiesExactlyInAnyOrder(
                        detail ->
                                assertThat(detail)
                                        .contains(
                                                "'model.onnx'", "cache of node", "was not loaded"),
                        detail -> assertThat(detail).contains("'model.onnx'", "is not loaded"));
        assertThat(refusals(globex)).as("whose file has the same digest").isEmpty();
    }

    private List<JsonNode> refusals(TestTenant tenant) {
        return http().get("/api/v1/audit?limit=200", tenant.ownerToken())
                .json()
                .path("items")
                .valueStream()
                .filter(entry -> entry.path("action").asString().equals("artifact.refused"))
                .toList();
    }

    @Test
    void aNodeMayNotDoWhatGatewaysDo() {
        TestNode node = node(GIGABYTE);

        for (String path : List.of("/internal/v1/usage", "/internal/v1/gateways/heartbeat")) {
            assertThat(internalHttp().post(path, node.credential(), "{}").status())
                    .as(path)
                    .isEqualTo(403);
        }
        assertThat(internalHttp().get("/internal/v1/feed?after=0", node.credential()).status())
                .isEqualTo(403);
        assertThat(http().get("/api/v1/models", node.credential()).status()).isEqualTo(401);
    }

    @Test
    void refusesToDeployWhatIsNotReady() {
        TestTenant acme = tenant("acme");
        http().post("/api/v1/models", acme.ownerToken(), "{\"name\": \"iris\"}");
        String versions = "/api/v1/models/" + acme.slug() + "/iris/versions";
        http().post(versions, acme.ownerToken(), "{}");

        Answer uploading =
                http().put(versions + "/1/deployment", acme.ownerToken(), Deploy.replicas(1));
        Answer absent =
                http().put(versions + "/2/deployment", acme.ownerToken(), Deploy.replicas(1));

        assertThat(uploading.status()).isEqualTo(409);
        assertThat(absent.status()).isEqualTo(404);
    }

    @Test
    void refusesImpossibleSizes() {
        TestTenant acme = tenant("acme");
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());

        assertThat(deploy(acme, version, -1).status()).isEqualTo(400);
        assertThat(deploy(acme, version, 101).status()).isEqualTo(400);
    }

    @Test
    void foreignDeploymentsAreAsAbsent() {
        TestTenant acme = tenant("acme");
        TestTenant globex = tenant("globex");
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());
        deploy(acme, version, 0);
        String absent = "/api/v1/models/" + acme.slug() + "/none/versions/1/deployment";

        for (String path : List.of(path(acme, version), absent)) {
            assertThat(http().get(path, globex.ownerToken()).status()).isEqualTo(404);
            assertThat(http().put(path, globex.ownerToken(), Deploy.replicas(1)).status())
                    .isEqualTo(404);
            assertThat(http().delete(path, globex.ownerToken()).status()).isEqualTo(404);
        }
        JsonNode own = http().get("/api/v1/deployments", acme.ownerToken()).json();
        JsonNode foreign = http().get("/api/v1/deployments", globex.ownerToken()).json();
        assertThat(own.path("items").size()).isEqualTo(1);
        assertThat(foreign.path("items").size()).isZero();
    }

    @Test
    void twoRegistriesHaveOneLeaderAndTheOtherTakesOver() {
        TestTenant acme = tenant("acme");
        TestNode node = node(GIGABYTE);
        ModelVersion version = upload(acme, "iris", "model.onnx", ModelBytes.onnx());

        try (ConfigurableApplicationContext second = anotherRegistry()) {
            Leadership other = second.getBean(Leadership.class);
            assertThat(leadership.isLeader()).isTrue();
            assertThat(other.isLeader()).isFalse();

            platform.sql(
                            """
                            SELECT pg_terminate_backend(pid) FROM pg_locks
                            WHERE locktype = 'advisory' AND objid = 4711010 AND granted
                            """)
                    .query()
                    .listOfRows();

            await().until(() -> leadership.isLeader() != other.isLeader());
            deploy(acme, version, 1);
            assertThat(orderOf(node, version)).isNotNull();
        }

        await().until(leadership::isLeader);
    }

    private ConfigurableApplicationContext anotherRegistry() {
        String[] arguments =
                Stream.concat(
                                settings().entrySet().stream()
                                        .map(s -> "--" + s.getKey() + "=" + s.getValue()),
                                Stream.of("--server.port=0", "--ATRIUM_REGISTRY_PORT=0"))
                        .toArray(String[]::new);
        return new SpringApplicationBuilder(RegistryApplication.class).run(arguments);
    }

    private TestNode node(long memoryBytes) {
        TestNode node = TestNode.join(http(), internalHttp(), operatorToken(), memoryBytes);
        node.beat();
        return node;
    }

    private void kill(TestNode node) {
        platform.sql("UPDATE node SET last_seen_at = now() - interval '1 minute' WHERE id = ?")
                .param(node.id().value())
                .update();
    }

    private PlacementOrder orderOf(TestNode node, ModelVersion version) {
        return await().until(
                        () ->
                                node.beat().stream()
                                        .filter(order -> order.versionId().equals(version.id()))
                                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private ModelVersion upload(TestTenant tenant, String name, String file, byte[] content) {
        Answer answer =
                http().send(
                                http().request(
                                                "/api/v1/models/"
                                                        + tenant.slug()
                                                        + "/"
                                                        + name
                                                        + "/upload?file="
                                                        + file)
                                        .header("Authorization", "Bearer " + tenant.ownerToken())
                                        .POST(HttpRequest.BodyPublishers.ofByteArray(content)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.as(ModelVersion.class);
    }

    private static String path(TestTenant tenant, ModelVersion version) {
        return "/api/v1/models/"
                + version.model()
                + "/versions/"
                + version.number()
                + "/deployment";
    }

    private Answer deploy(TestTenant tenant, ModelVersion version, int replicas) {
        return http().put(path(tenant, version), tenant.ownerToken(), Deploy.replicas(replicas));
    }

    private Deployment deployment(TestTenant tenant, ModelVersion version) {
        return http().get(path(tenant, version), tenant.ownerToken()).as(Deployment.class);
    }

    private List<NodeId> placedOn(ModelVersion version) {
        return platform.sql("SELECT node_id FROM placement WHERE version_id = ?")
                .param(version.id().value())
                .query((row, number) -> new NodeId(row.getObject("node_id", UUID.class)))
                .list();
    }

    private Optional<FeedReplica> replica(PlacementId placement) {
        return entry("REPLICA", placement.toString())
                .map(body -> Answer.JSON.readValue(body, FeedReplica.class));
    }

    private FeedModel feed(ModelVersion version) {
        return Answer.JSON.readValue(
                entry("MODEL", modelId(version)).orElseThrow(), FeedModel.class);
    }

    private String modelId(ModelVersion version) {
        return modelId(version.id()).toString();
    }

    private UUID modelId(ModelVersionId version) {
        return platform.sql("SELECT model_id FROM model_version WHERE id = ?")
                .param(version.value())
                .query(UUID.class)
                .single();
    }

    private Optional<String> entry(String kind, String id) {
        return platform.sql(
                        """
                        SELECT body::text FROM feed_entry
                        WHERE kind = ? AND id = ? AND body IS NOT NULL
                        """)
                .params(kind, id)
                .query(String.class)
                .optional();
    }
}
