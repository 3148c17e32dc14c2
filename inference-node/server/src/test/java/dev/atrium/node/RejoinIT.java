package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.model.Replicas;
import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.node.worker.HostedModel;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.node.PlacementOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A node whose credential the registry does not know any more. */
class RejoinIT {
    private static final RunningNode NODE = RunningNode.shared();
    private static final FakeRegistry REGISTRY = NODE.registry();
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final String IRIS =
            Oip.request("1", TestModels.expected("iris.onnx").get("inputs"));
    private static PlacementOrder iris;

    @BeforeAll
    static void deploy() {
        iris = NODE.deploy(Framework.ONNX, "model.onnx", TestModels.demo("iris.onnx"));
    }

    @Test
    void joinsAgainWithItsTokenAndKeepsItsModelsAndTheNewCredential() throws IOException {
        Path file = NODE.data().resolve("credential.json");
        int joins = REGISTRY.joins();
        long pid = pid();
        String before = Files.readString(file);

        REGISTRY.revokeCredential();

        await().atMost(LONGEST).until(REGISTRY::isInTouch);
        assertThat(REGISTRY.joins()).isEqualTo(joins + 1);
        assertThat(Files.readString(file)).isNotEqualTo(before);
        assertThat(pid()).isEqualTo(pid);
        assertThat(NODE.infer(iris, IRIS).statusCode()).isEqualTo(200);
    }

    /** The usual case: tokens work once. */
    @Test
    void keepsTheCredentialWhenItsTokenIsUsedUpAndServesMeanwhile() {
        int joins = REGISTRY.joins();
        REGISTRY.refuseJoins(true);
        String revoked = REGISTRY.revokeCredential();

        await().atMost(LONGEST).until(() -> REGISTRY.refusedJoins() > 0);
        int status = NODE.infer(iris, IRIS).statusCode();
        REGISTRY.know(revoked);

        await().atMost(LONGEST).until(REGISTRY::isInTouch);
        assertThat(status).isEqualTo(200);
        REGISTRY.refuseJoins(false);
        assertThat(REGISTRY.joins()).isEqualTo(joins);
    }

    private static long pid() {
        return NODE.bean(Replicas.class)
                .find(iris.versionId())
                .flatMap(replica -> replica.serving())
                .map(HostedModel::pid)
                .orElseThrow();
    }
}
