package dev.atrium.registry.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestNode;
import dev.atrium.registry.api.node.NodeCapacity;
import dev.atrium.registry.api.node.NodeHeartbeat;
import dev.atrium.registry.api.node.WallLevel;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What admins see of the walls that nodes report. */
class NodeWallsIT extends RegistryTest {
    @Test
    void adminsSeeTheWallThatANodeReportedLast() {
        TestNode node = TestNode.join(http(), internalHttp(), operatorToken(), 1 << 30);
        String joined = capacity(node).path("wall").asString();

        beat(node, WallLevel.BUBBLEWRAP);
        JsonNode reported = capacity(node);
        beat(node, null);

        assertThat(joined).isEqualTo("NONE");
        assertThat(reported.path("wall").asString()).isEqualTo("BUBBLEWRAP");
        assertThat(reported.path("sandbox").asString()).isEqualTo("in words");
        assertThat(capacity(node).hasNonNull("wall")).as("of a former version").isFalse();
    }

    private void beat(TestNode node, @Nullable WallLevel wall) {
        NodeCapacity capacity = new NodeCapacity(2, 1 << 30, "in words", wall);
        NodeHeartbeat heartbeat =
                new NodeHeartbeat(node.url(), capacity, 0, 0, List.of(), Instant.EPOCH, null);
        int status =
                internalHttp()
                        .post("/internal/v1/nodes/heartbeat", node.credential(), heartbeat)
                        .status();
        assertThat(status).isEqualTo(200);
    }

    private JsonNode capacity(TestNode node) {
        return http().get("/api/v1/admin/nodes?limit=200", operatorToken())
                .json()
                .path("items")
                .valueStream()
                .filter(each -> each.path("url").asString().equals(node.url()))
                .findFirst()
                .orElseThrow()
                .path("capacity");
    }
}
