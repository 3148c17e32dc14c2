package dev.atrium.registry.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestNode;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.deployment.Deploy;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.Replica;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.artifact.ModelBytes;
import dev.atrium.registry.leader.Leadership;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where a version goes that failed on a node, and where it ends. */
class FailedPlacementsIT extends RegistryTest {
    private static final long GIGABYTE = 1L << 30;

    /** Several looks of the scheduler. */
    private static final Duration A_WHILE = Duration.ofMillis(900);

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
    void isTriedOnAnotherNodeAfterAPauseThatDoubles() {
        TestTenant acme = tenant("acme");
        TestNode first = node(3 * GIGABYTE);
        TestNode second = node(2 * GIGABYTE);
        TestNode third = node(GIGABYTE);
        ModelVersion version = deployed(acme);

        fail(first, version, "no room on the first");
        neverOrdered(second, version);
        passSeconds(11);
        fail(second, version, "no room on the second");
        passSeconds(11);
        neverOrdered(third, version);
        passSeconds(10);
        PlacementOrder order = orderOf(third, version);
        third.reports(order.placementId(), ReplicaState.READY).beat();

        Deployment deployment = deployment(acme, version);
        assertThat(deployment.ready()).isEqualTo(1);
        assertThat(deployment.placements())
                .extracting(Replica::reason)
                .contains("no room on the first", "no room on the second");
        assertThat(first.beat()).isEmpty();
    }

    @Test
    void endsAsFailedWithItsReasonsAndStaysSo() {
        TestTenant acme = tenant("acme");
        List<TestNode> nodes = List.of(node(4 * GIGABYTE), node(3 * GIGABYTE), node(2 * GIGABYTE));
        TestNode spared = node(GIGABYTE);
        ModelVersion version = deployed(acme);
        for (TestNode node : nodes) {
            fail(node, version, "an operator is missing");
            passSeconds(60);
        }
        List<Replica> failed = deployment(acme, version).placements();

        neverOrdered(spared, version);
        nodes.forEach(node -> assertThat(node.forgetsEverything().beat()).isEmpty());

        assertThat(deployment(acme, version).placements()).isEqualTo(failed);
        assertThat(failed)
                .hasSize(3)
                .allSatisfy(replica -> {
                    assertThat(replica.state()).isEqualTo(ReplicaState.FAILED);
                    assertThat(replica.reason()).isEqualTo("an operator is missing");
                });
    }

    @Test
    void isNotTriedAgainOnItsOnlyNodeUntilItIsDeployedAgain() {
        TestTenant acme = tenant("acme");
        TestNode only = node(GIGABYTE);
        ModelVersion version = deployed(acme);
        fail(only, version, "an operator is missing");
        passSeconds(3_600);
        neverOrdered(only, version);

        deploy(acme, version);
        PlacementOrder again = orderOf(only, version);
        only.reports(again.placementId(), ReplicaState.READY).beat();

        assertThat(deployment(acme, version).placements())
                .singleElement()
                .extracting(Replica::state)
                .isEqualTo(ReplicaState.READY);
    }

    @Test
    void aNodeThatJoinsLaterIsTriedToo() {
        TestTenant acme = tenant("acme");
        TestNode first = node(GIGABYTE);
        ModelVersion version = deployed(acme);
        fail(first, version, "no room");
        passSeconds(11);

        TestNode later = node(GIGABYTE);

        assertThat(orderOf(later, version)).isNotNull();
    }

    /** More deployments than the scheduler takes at a time, none of which can be settled. */
    @Test
    void hopelessDeploymentsDoNotKeepOthersWaiting() {
        TestTenant acme = tenant("acme");
        TestNode node = node(GIGABYTE);
        ModelVersion hopeless = upload(acme, "hopeless");
        platform.sql(
                        """
                        WITH many AS (
                            INSERT INTO model_version (tenant_id, project_id, model_id, number, state,
                                                       framework, created_by)
                            SELECT v.tenant_id, v.project_id, v.model_id, n, 'READY', 'ONNX', 'test'
                            FROM model_version v, generate_series(2, 252) n WHERE v.id = ?
                            RETURNING id, tenant_id
                        ), wanted AS (
                            INSERT INTO deployment (version_id, tenant_id, replicas)
                            SELECT id, tenant_id, 1 FROM many RETURNING version_id, tenant_id
                        )
                        INSERT INTO placement (tenant_id, version_id, node_id, state, reason)
                        SELECT tenant_id, version_id, ?, 'FAILED', 'hopeless' FROM wanted
                        """)
                .params(hopeless.id().value(), node.id().value())
                .update();

        ModelVersion version = deployed(acme);

        assertThat(orderOf(node, version)).isNotNull();
    }

    private TestNode node(long memoryBytes) {
        TestNode node = TestNode.join(http(), internalHttp(), operatorToken(), memoryBytes);
        node.beat();
        return node;
    }

    private void fail(TestNode node, ModelVersion version, String reason) {
        node.fails(orderOf(node, version).placementId(), reason).beat();
    }

    /** As if the failures were so much older. */
    private void passSeconds(int seconds) {
        platform.sql(
                        "UPDATE placement SET since = since - make_interval(secs => ?) WHERE state ="
                                + " 'FAILED'")
                .param(seconds)
                .update();
    }

    private PlacementOrder orderOf(TestNode node, ModelVersion version) {
        return await().until(() -> order(node, version), Optional::isPresent).orElseThrow();
    }

    private void neverOrdered(TestNode node, ModelVersion version) {
        await().during(A_WHILE).until(() -> order(node, version).isEmpty());
    }

    private static Optional<PlacementOrder> order(TestNode node, ModelVersion version) {
        return node.beat().stream()
                .filter(order -> order.versionId().equals(version.id()))
                .findFirst();
    }

    private ModelVersion deployed(TestTenant tenant) {
        ModelVersion version = upload(tenant, "iris");
        deploy(tenant, version);
        return version;
    }

    private ModelVersion upload(TestTenant tenant, String name) {
        Answer answer =
                http().send(
                                http().request(
                                                "/api/v1/models/"
                                                        + tenant.slug()
                                                        + "/"
                                                        + name
                                                        + "/upload?file=model.onnx")
                                        .header("Authorization", "Bearer " + tenant.ownerToken())
                                        .POST(
                                                HttpRequest.BodyPublishers.ofByteArray(
                                                        ModelBytes.onnx())));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.as(ModelVersion.class);
    }

    private void deploy(TestTenant tenant, ModelVersion version) {
        Answer answer = http().put(path(version), tenant.ownerToken(), Deploy.replicas(1));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private Deployment deployment(TestTenant tenant, ModelVersion version) {
        return http().get(path(version), tenant.ownerToken()).as(Deployment.class);
    }

    private static String path(ModelVersion version) {
        return "/api/v1/models/"
                + version.model()
                + "/versions/"
                + version.number()
                + "/deployment";
    }
}
