package dev.atrium.portal.deployment;

import static dev.atrium.registry.api.deployment.ReplicaState.DRAINING;
import static dev.atrium.registry.api.deployment.ReplicaState.FAILED;
import static dev.atrium.registry.api.deployment.ReplicaState.LOADING;
import static dev.atrium.registry.api.deployment.ReplicaState.READY;
import static dev.atrium.registry.api.deployment.ReplicaState.UNLOADED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.deployment.Replica;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.NodeId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeploymentStateTests {
    @Test
    void isStartingUntilEveryWantedReplicaIsReady() {
        assertThat(state(2)).isEqualTo(DeploymentState.STARTING);
        assertThat(state(2, READY, LOADING)).isEqualTo(DeploymentState.STARTING);
        assertThat(state(2, READY, READY)).isEqualTo(DeploymentState.READY);
        assertThat(state(1, READY, DRAINING)).isEqualTo(DeploymentState.READY);
    }

    @Test
    void isFailedOnlyWhenNothingCanStillBecomeReady() {
        assertThat(state(2, FAILED, LOADING)).isEqualTo(DeploymentState.STARTING);
        assertThat(state(2, FAILED, FAILED)).isEqualTo(DeploymentState.FAILED);
        assertThat(state(2, READY, FAILED)).isEqualTo(DeploymentState.PARTLY_FAILED);
    }

    @Test
    void whatCallsLoadIsAsItShouldBeWhileItIsUnloaded() {
        assertThat(state(1, UNLOADED)).isEqualTo(DeploymentState.UNLOADED);
        assertThat(state(2, READY, UNLOADED)).isEqualTo(DeploymentState.READY);
        assertThat(state(2, UNLOADED, LOADING)).isEqualTo(DeploymentState.UNLOADED);
        assertThat(state(2, FAILED, UNLOADED)).isEqualTo(DeploymentState.UNLOADED);
    }

    @Test
    void isNothingAtSizeZero() {
        assertThat(state(0, DRAINING)).isEqualTo(DeploymentState.NONE);
    }

    @Test
    void countsTheBestVersionOfAModel() {
        assertThat(DeploymentState.best(List.of())).isEqualTo(DeploymentState.NONE);
        assertThat(DeploymentState.best(List.of(deployment(1, FAILED), deployment(1, READY))))
                .isEqualTo(DeploymentState.READY);
    }

    private static DeploymentState state(int replicas, ReplicaState... states) {
        return DeploymentState.of(deployment(replicas, states));
    }

    private static Deployment deployment(int replicas, ReplicaState... states) {
        List<Replica> placed =
                Arrays.stream(states)
                        .map(state ->
                                new Replica(
                                        new PlacementId(UUID.randomUUID()),
                                        new NodeId(UUID.randomUUID()),
                                        "n",
                                        state,
                                        null,
                                        0,
                                        Instant.EPOCH))
                        .toList();
        return new Deployment(
                new ModelVersionId(UUID.randomUUID()),
                new ModelName("acme", "m"),
                1,
                replicas,
                true,
                0,
                null,
                placed,
                Instant.EPOCH);
    }
}
