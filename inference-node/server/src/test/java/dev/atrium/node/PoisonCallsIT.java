package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.model.Replicas;
import dev.atrium.node.testing.Bystander;
import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.Grants;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TinyTorch;
import dev.atrium.node.worker.HostedModel;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.Operation;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls that end the worker of a version that several tenants call. */
class PoisonCallsIT {
    private static final RunningNode NODE =
            RunningNode.start(
                    FakeRegistry.start(),
                    "atrium.node.worker.cancel-grace=200ms",
                    "atrium.node.model.max-deaths=2",
                    "atrium.node.model.first-back-off=50ms",
                    "atrium.node.model.longest-back-off=200ms");
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final String HARMLESS = series(-1);

    /** Never answered, so that the worker is killed after the deadline. */
    private static final String POISON = series(1);

    private final UUID stranger = UUID.randomUUID();
    private PlacementOrder version;

    @BeforeEach
    void deploy() {
        version =
                NODE.deploy(Framework.TORCHSCRIPT, "model.pt", TinyTorch.endlessForPositiveSums());
    }

    @AfterEach
    void remove() {
        NODE.registry().remove(version);
    }

    @Test
    void theirTenantGoesOnInAWorkerOfItsOwnAndNobodyElseNotices() {
        UUID owner = version.tenantId().value();
        assertThat(call(owner, HARMLESS).statusCode()).isEqualTo(200);
        call(stranger, POISON);
        awaitWorkerOfItsOwn(stranger);
        awaitAnswer(owner);
        long shared = shared().pid();

        try (Bystander others = new Bystander(NODE, version, owner, HARMLESS)) {
            for (int i = 0; i < 2; i++) {
                HostedModel own = awaitWorkerOfItsOwn(stranger);
                call(stranger, POISON);
                await().atMost(LONGEST).until(() -> own.death().isDone());
            }
            awaitAnswer(stranger);
            int before = others.calls();
            await().atMost(LONGEST).until(() -> others.calls() > before);

            assertThat(others.errors()).isEmpty();
        }

        assertThat(shared().pid()).isEqualTo(shared);
        assertThat(NODE.registry().report(version).orElseThrow().state())
                .as("no stranger's call speaks against a version")
                .isEqualTo(ReplicaState.READY);
        HostedModel own = awaitWorkerOfItsOwn(stranger);
        NODE.registry().remove(version);
        await("no worker is left").atMost(LONGEST).until(() -> own.death().isDone());
    }

    @Test
    void ofTheOwnerAgainAndAgainEndTheVersionWithAReason() {
        UUID owner = version.tenantId().value();
        assertThat(call(stranger, HARMLESS).statusCode()).isEqualTo(200);
        call(owner, POISON);

        for (int i = 0; i < 2; i++) {
            HostedModel own = awaitWorkerOfItsOwn(owner);
            call(owner, POISON);
            await().atMost(LONGEST).until(() -> own.death().isDone());
        }

        assertThat(NODE.awaitFailed(version).reason())
                .contains("calls of the version's owner", "SIGKILL");
    }

    @Test
    void ofItsOnlyCallerMoveNobody() {
        UUID owner = version.tenantId().value();
        long first = shared().pid();

        call(owner, POISON);

        awaitAnswer(owner);
        await().atMost(LONGEST).until(() -> shared().pid() != first);
        assertThat(serving(owner)).isEqualTo(shared());
    }

    private void awaitAnswer(UUID tenant) {
        await().atMost(LONGEST).until(() -> call(tenant, HARMLESS).statusCode() == 200);
    }

    private HostedModel awaitWorkerOfItsOwn(UUID tenant) {
        return await().atMost(LONGEST)
                .until(
                        () -> serving(tenant),
                        model -> model != null && !model.death().isDone() && model != shared());
    }

    private HostedModel serving(UUID tenant) {
        return NODE.bean(Replicas.class)
                .find(version.versionId())
                .flatMap(replica -> replica.servingFor(new TenantId(tenant)))
                .orElse(null);
    }

    private HostedModel shared() {
        return await().atMost(LONGEST)
                .until(
                        () ->
                                NODE.bean(Replicas.class)
                                        .find(version.versionId())
                                        .flatMap(replica -> replica.serving())
                                        .orElse(null),
                        model -> model != null && !model.death().isDone());
    }

    private HttpResponse<String> call(UUID tenant, String body) {
        Grant grant = Grants.forTenant(NODE.registry().grant(version, Operation.INFER), tenant);
        Grant timed = body.equals(POISON) ? Grants.withDeadline(grant, 500) : grant;
        return NODE.send(NodeProtocol.INFER, timed, body);
    }

    private static String series(int sign) {
        return """
        {"inputs":[{"name":"series","datatype":"FP32","shape":[2],"data":[%d,%d]}]}
        """
                .formatted(sign, sign);
    }
}
