package dev.atrium.registry.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestNode;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.deployment.Batching;
import dev.atrium.registry.api.deployment.Deploy;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.registry.api.deployment.Precision;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.artifact.ModelBytes;
import dev.atrium.registry.leader.Leadership;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** How a deployment is to be computed, from its owner to the node. */
class DeploymentExecutionIT extends RegistryTest {
    private static final long GIGABYTE = 1L << 30;
    private static final Execution EVERYTHING =
            new Execution(
                    2,
                    3,
                    "CPU",
                    Precision.AS_IS,
                    new Batching(true, 16, 65_536L, 1_500L, List.of(4, 16)));

    @Autowired Leadership leadership;

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    @BeforeEach
    void forgetOtherNodesAndDeployments() {
        platform.sql("UPDATE node SET alive = false, last_seen_at = now() - interval '1 day'")
                .update();
        platform.sql("DELETE FROM placement").update();
        platform.sql("DELETE FROM deployment").update();
        await().until(leadership::isLeader);
    }

    @Test
    void reachesTheNodeAndStaysUntilItIsChanged() {
        TestTenant acme = tenant("acme");
        TestNode node = node();
        ModelVersion version = upload(acme, "model.onnx", ModelBytes.onnx());
        deploy(acme, version, Deploy.computed(1, EVERYTHING));
        PlacementOrder first = orderOf(node, version);

        deploy(acme, version, Deploy.replicas(2));

        assertThat(first.computedBy()).isEqualTo(EVERYTHING);
        assertThat(deployment(acme, version).computedBy())
                .as("only the size was said")
                .isEqualTo(EVERYTHING);
        deploy(acme, version, Deploy.computed(2, Execution.DEFAULT));
        assertThat(orderOf(node, version).computedBy()).isEqualTo(Execution.DEFAULT);
        assertThat(orderOf(node, version).placementId())
                .as("the node goes on with the same copy")
                .isEqualTo(first.placementId());
    }

    @Test
    void changesThePartsThatAreSaidAndTellsTheAuditLog() {
        TestTenant acme = tenant("acme");
        ModelVersion version = upload(acme, "model.onnx", ModelBytes.onnx());
        deploy(acme, version, Deploy.computed(1, EVERYTHING));

        Answer changed =
                patch(
                        acme,
                        version,
                        Map.of("execution", Map.of("batching", Map.of("maxRows", 64))));

        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.as(Deployment.class).computedBy())
                .isEqualTo(
                        new Execution(
                                2,
                                3,
                                "CPU",
                                Precision.AS_IS,
                                new Batching(true, 64, 65_536L, 1_500L, List.of(4, 16))));
        assertThat(changed.as(Deployment.class).replicas()).isEqualTo(1);
        assertThat(patch(acme, version, Map.of("replicas", 2)).as(Deployment.class).replicas())
                .isEqualTo(2);
        assertThat(audited(acme))
                .anyMatch(detail -> detail.contains("threads 2") && detail.contains("maxRows 64"));
    }

    @Test
    void changesNothingThatIsNotDeployed() {
        TestTenant acme = tenant("acme");
        ModelVersion version = upload(acme, "model.onnx", ModelBytes.onnx());

        assertThat(patch(acme, version, Map.of("replicas", 1)).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"threads\": 0} | 'execution.threads' is 0 but must be 1 to 64",
                "{\"instances\": 17} | 'execution.instances' is 17 but must be 1 to 16",
                "{\"threads\": 64, \"instances\": 16} | 'execution.threads' times",
                "{\"device\": \"TPU\"} | 'execution.device' must be CPU or GPU:",
                "{\"device\": \"GPU:7\"} | 'execution.device' is GPU:7, which no node has",
                "{\"precision\": \"BF16\"} | 'execution.precision' must be AS_IS",
                "{\"batching\": {\"maxRows\": 0}} | 'execution.batching.maxRows' is 0",
                "{\"batching\": {\"maxBytes\": 3}} | 'execution.batching.maxBytes' is 3",
                "{\"batching\": {\"maxDelayMicros\": -1}} | 'execution.batching.maxDelayMicros'",
                "{\"batching\": {\"maxRows\": 8, \"preferredRows\": [16]}} | 'execution.batching.preferredRows' is 16 but must be 1 to 8",
                "{\"batching\": {\"preferredRows\": [4, 4]}} | 'execution.batching.preferredRows' must be at most 16 different sizes",
                "{\"batching\": {\"maxRow\": 4}} | 'maxRow' is no setting",
                "{\"thread\": 1} | 'thread' is no setting"
            })
    void refusesByName(String execution, String words) {
        TestTenant acme = tenant("acme");
        ModelVersion version = upload(acme, "model.onnx", ModelBytes.onnx());
        deploy(acme, version, Deploy.replicas(1));

        Answer put =
                deploy(
                        acme,
                        version,
                        Map.of("replicas", 1, "execution", Answer.JSON.readTree(execution)));
        Answer patched = patch(acme, version, Map.of("execution", Answer.JSON.readTree(execution)));

        for (Answer answer : List.of(put, patched)) {
            assertThat(answer.status()).as(answer.text()).isEqualTo(400);
            assertThat(answer.json().path("detail").asString()).contains(words);
        }
        assertThat(deployment(acme, version).computedBy()).isEqualTo(Execution.DEFAULT);
    }

    @Test
    void refusesWhatTheEngineCannotDo() {
        TestTenant acme = tenant("acme");
        ModelVersion gguf = upload(acme, "model.gguf", ModelBytes.gguf());

        Answer batches = deploy(acme, gguf, Deploy.computed(1, executionOf(Batching.DEFAULT)));
        Answer device = deploy(acme, gguf, Deploy.computed(1, device("GPU:0")));

        assertThat(batches.status()).isEqualTo(400);
        assertThat(batches.text()).contains("'execution.batching' is nothing for GGUF");
        assertThat(device.status()).isEqualTo(400);
        assertThat(device.text()).contains("GGUF models compute on a CPU");
    }

    @Test
    void placesOnlyOnNodesThatHaveTheDevice() {
        TestTenant acme = tenant("acme");
        TestNode roomy = TestNode.join(http(), internalHttp(), operatorToken(), 4 * GIGABYTE);
        roomy.beat();
        TestNode small = node().has("CPU", "GPU:0");
        small.beat();
        ModelVersion version = upload(acme, "model.onnx", ModelBytes.onnx());
        deploy(acme, version, Deploy.replicas(1));
        PlacementOrder onCpu = orderOf(roomy, version);
        roomy.reports(onCpu.placementId(), ReplicaState.READY).beat();

        patch(acme, version, Map.of("execution", Map.of("device", "GPU:0")));
        PlacementOrder onGpu = orderOf(small, version);
        List<NodeId> whileLoading = placedOn(version);
        small.reports(onGpu.placementId(), ReplicaState.READY).beat();

        assertThat(onGpu.computedBy().device()).isEqualTo("GPU:0");
        assertThat(whileLoading).contains(small.id());
        await().untilAsserted(() -> assertThat(placedOn(version)).containsExactly(small.id()));
    }

    private TestNode node() {
        TestNode node = TestNode.join(http(), internalHttp(), operatorToken(), GIGABYTE);
        node.beat();
        return node;
    }

    private static Execution executionOf(Batching batching) {
        return new Execution(null, null, null, null, batching);
    }

    private static Execution device(String device) {
        return new Execution(null, null, device, null, null);
    }

    private ModelVersion upload(TestTenant tenant, String file, byte[] content) {
        Answer answer =
                http().send(
                                http().request(
                                                "/api/v1/models/"
                                                        + tenant.slug()
                                                        + "/m/upload?file="
                                                        + file)
                                        .header("Authorization", "Bearer " + tenant.ownerToken())
                                        .POST(HttpRequest.BodyPublishers.ofByteArray(content)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.as(ModelVersion.class);
    }

    private static String path(ModelVersion version) {
        return "/api/v1/models/" + version.model() + "/versions/1/deployment";
    }

    private Answer deploy(TestTenant tenant, ModelVersion version, Object wish) {
        return http().put(path(version), tenant.ownerToken(), wish);
    }

    private Answer patch(TestTenant tenant, ModelVersion version, Object wish) {
        return http().patch(path(version), tenant.ownerToken(), wish);
    }

    private Deployment deployment(TestTenant tenant, ModelVersion version) {
        return http().get(path(version), tenant.ownerToken()).as(Deployment.class);
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

    private List<NodeId> placedOn(ModelVersion version) {
        return platform.sql("SELECT node_id FROM placement WHERE version_id = ?")
                .param(version.id().value())
                .query((row, number) -> new NodeId(row.getObject("node_id", UUID.class)))
                .list();
    }

    private List<String> audited(TestTenant tenant) {
        return http().get("/api/v1/audit?limit=200", tenant.ownerToken())
                .json()
                .path("items")
                .valueStream()
                .filter(entry -> entry.path("action").asString().equals("version.deployed"))
                .map(JsonNode::toString)
                .toList();
    }
}
