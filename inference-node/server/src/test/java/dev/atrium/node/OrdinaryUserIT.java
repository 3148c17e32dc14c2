package dev.atrium.node;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.NodeProcess;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.node.WallLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node without any rights walls its workers and bounds their memory all the same. */
class OrdinaryUserIT {
    private static final Duration START = Duration.ofSeconds(120);

    @Test
    void nodesOfOrdinaryUsersHaveWallsToo(@TempDir Path data) {
        try (FakeRegistry registry = FakeRegistry.start()) {
            PlacementOrder average =
                    registry.place(
                            Framework.TORCHSCRIPT,
                            Task.TENSORS,
                            VersionSettings.DEFAULT,
                            List.of(
                                    registry.store(
                                            "model.pt", TestModels.demo("moving-average.pt"))));

            for (WallLevel wall : List.of(WallLevel.BUBBLEWRAP, WallLevel.LANDLOCK)) {
                assertWalls(registry, data, average, wall);
            }
        }
    }

    private static void assertWalls(
            FakeRegistry registry, Path data, PlacementOrder average, WallLevel wall) {
        // What a former node said is forgotten.
        registry.setDown(false);
        NodeProcess node =
                NodeProcess.startAsOrdinaryUser(
                        registry, data, Map.of("ATRIUM_NODE_WALL", wall.name().toLowerCase(ROOT)));
        try {
            await().atMost(START)
                    .until(() ->
                            registry.report(average)
                                    .filter(r -> r.state() == ReplicaState.READY)
                                    .isPresent());
            var capacity = registry.lastHeartbeat().capacity();
            assertThat(capacity.wall()).isEqualTo(wall);
            assertThat(capacity.sandbox()).contains("memory by a watch");
            assertThat(registry.report(average).orElseThrow().residentBytes()).isPositive();
        } finally {
            node.kill();
        }
    }
}
