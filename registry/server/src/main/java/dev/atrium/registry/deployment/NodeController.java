package dev.atrium.registry.deployment;

import dev.atrium.registry.api.node.NodeHeartbeat;
import dev.atrium.registry.api.node.NodeHeartbeatReply;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.artifact.ArtifactStore;
import dev.atrium.registry.machine.Machine;
import java.nio.file.Path;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What nodes ask: what to hold, and the bytes of it. */
@RestController
@RequestMapping("/internal/v1")
class NodeController {
    private final NodeDuties duties;
    private final Orders orders;
    private final ArtifactStore store;

    NodeController(NodeDuties duties, Orders orders, ArtifactStore store) {
        this.duties = duties;
        this.orders = orders;
        this.store = store;
    }

    @PostMapping("/nodes/heartbeat")
    NodeHeartbeatReply beat(Machine node, @RequestBody NodeHeartbeat heartbeat) {
        return duties.beat(node, heartbeat);
    }

    /** A digest that none of the node's placements names is as absent. */
    @GetMapping("/artifacts/{sha256}")
    ResponseEntity<Resource> artifact(Machine node, @PathVariable String sha256) {
        Path file =
                orders.ownerOf(new NodeId(node.id()), sha256)
                        .flatMap(owner -> store.find(owner, sha256))
                        .orElseThrow(DeploymentNotFoundException::new);
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .eTag("\"" + sha256 + "\"")
                .body(new FileSystemResource(file));
    }
}
